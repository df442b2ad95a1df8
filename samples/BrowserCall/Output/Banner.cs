using P2PCam.AspNetCore;

namespace BrowserCall.Output;

/// <summary>What the program says once people can come.</summary>
internal static class Banner
{
    public static void Print(CallOptions options, LanHttpsInfo https, IReadOnlyList<LanUrl> urls)
    {
        var width = urls.Max(url => url.Url.Length);
        for (var i = 0; i < urls.Count; i++)
        {
            Console.WriteLine($"{(i == 0 ? Paint.Bold("Open") : "    ")}     {Paint.Link(urls[i].Url.PadRight(width))}   {Paint.Soft(urls[i].Via)}{(i == 0 ? Paint.Good("   <- on both devices") : "")}");
        }

        Console.WriteLine($"{Paint.Bold("Rooms")}    {urls[0].Url}/r/NAME   {Paint.Soft("for more than one call at once")}");
        if (https.AuthorityFingerprint is { } fingerprint)
        {
            Console.WriteLine($"{Paint.Bold("Trust")}    the first visit shows a warning; to remove it: {urls[0].Url}/p2pcam/trust");
            Console.WriteLine($"         SHA-256 {fingerprint[..48]}");
            Console.WriteLine($"                 {fingerprint[48..]}");
        }

        if (!options.NoQrCode)
        {
            QrCode.Print("Open", urls[0].Url);
        }

        Console.WriteLine();
        Console.WriteLine(Paint.Soft("A call between two browsers. Ctrl+C ends. Calls that are under way go on without this program."));
    }
}

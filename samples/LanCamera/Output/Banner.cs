using System.Globalization;
using LanCamera.Arguments;
using P2PCam;
using P2PCam.AspNetCore;

namespace LanCamera.Output;

/// <summary>What the host says once viewers can come.</summary>
internal static class Banner
{
    private static readonly TimeSpan CameraLinkLifetime = TimeSpan.FromDays(30);

    public static void Print(LanCameraOptions options, IBroadcaster broadcaster, LanHttpsInfo https, IReadOnlyList<LanUrl> urls, P2PCamTokens? tokens)
    {
        var path = options.Stream == "default" ? "" : $"/s/{options.Stream}";
        List<(string Url, string Via)> watch = [.. urls.Select(url => (url.Url + path, url.Via))];
        var phone = options.BrowserCamera && tokens is not null ? PhoneLink(options, urls[0].Url, https.Port, tokens) : null;

        // The first line is the step to take first.
        if (options.BrowserCamera)
        {
            PrintBrowserCamera(options, https.Port, phone);
            PrintUrls(watch, "   <- then open this on another device");
        }
        else
        {
            PrintUrls(watch, "   <- open this");
            Console.WriteLine($"{Paint.Bold("Camera")}   {SourceWords.Describe(broadcaster.Source, options)}");
        }

        PrintAccess(options, urls[0].Url, tokens);
        PrintTrust(urls[0].Url, https.AuthorityFingerprint, options.AllowHttp);
        Console.WriteLine($"{Paint.Bold("Stream")}   {options.Stream}   {Paint.Soft($"P2PCam {SourceWords.Version}")}");
        if (!options.NoQrCode)
        {
            PrintCodes(watch[0].Url, phone);
        }

        Console.WriteLine();
        Console.WriteLine(Paint.Soft("Viewers are listed as they come and go. Ctrl+C ends."));
    }

    // On this machine no token is needed; the link with one is for a phone that is to be the camera.
    private static void PrintBrowserCamera(LanCameraOptions options, int port, string? phone)
    {
        Console.WriteLine($"{Paint.Bold("Camera")}   a browser. Open this here and press Start: {Paint.Link(options.PageHere(port).ToString())}{Paint.Good("   <- first")}");
        if (options.WhyBrowser is not null)
        {
            Console.WriteLine(Paint.Soft($"         {options.WhyBrowser}"));
        }

        if (phone is null)
        {
            Console.WriteLine(Paint.Soft("         a phone can be the camera as well, once this machine is in a network"));
            return;
        }

        Console.WriteLine($"         or on a phone that is to be the camera: {Paint.Link(phone)}");
        Console.WriteLine(Paint.Soft($"         whoever has that link can be the camera, for {CameraLinkLifetime.Days} days"));
    }

    /// <summary>Null where no phone could open it. Always HTTPS, which the port serves whatever else it does: browsers give cameras to no other page.</summary>
    private static string? PhoneLink(LanCameraOptions options, string url, int port, P2PCamTokens tokens)
    {
        var host = new Uri(url);
        return host.IsLoopback
            ? null
            : $"https://{host.Authority}{options.PageHere(port).AbsolutePath}#token={tokens.Create(options.Stream, SignalingRole.Broadcaster, CameraLinkLifetime)}";
    }

    private static void PrintCodes(string watch, string? phone)
    {
        if (phone is not null)
        {
            QrCode.Print("Camera, for a phone that is to be the camera", phone);
        }

        if (!new Uri(watch).IsLoopback)
        {
            QrCode.Print(phone is null ? "Watch, on a phone or tablet" : "Watch, for everybody else", watch);
        }
    }

    private static void PrintUrls(List<(string Url, string Via)> urls, string step)
    {
        var width = urls.Max(url => url.Url.Length);
        for (var i = 0; i < urls.Count; i++)
        {
            var (url, via) = urls[i];
            var hint = i == 0 ? Paint.Good(step) : "";
            Console.WriteLine($"{(i == 0 ? Paint.Bold("Watch") : "     ")}    {Paint.Link(url.PadRight(width))}   {Paint.Soft(via)}{hint}");
        }
    }

    private static void PrintAccess(LanCameraOptions options, string url, P2PCamTokens? tokens)
    {
        if (options.Pin is not null)
        {
            Console.WriteLine($"{Paint.Bold("PIN")}      {options.Pin}   {Paint.Soft("viewers on other devices type it in")}");
        }

        if (tokens is not null && options.Share is { } lifetime)
        {
            var end = DateTime.Now + lifetime;
            Console.WriteLine($"{Paint.Bold("Share")}    {Paint.Link(tokens.CreateLink(new Uri(url), options.Stream, lifetime).ToString())}");
            Console.WriteLine(Paint.Soft(string.Create(CultureInfo.InvariantCulture, $"         whoever has this link can watch until {end:yyyy-MM-dd HH:mm}, or until this program ends")));
        }
    }

    private static void PrintTrust(string url, string? fingerprint, bool allowHttp)
    {
        if (allowHttp)
        {
            Console.WriteLine($"{Paint.Bold("Notice")}   page and signaling are not encrypted (--http); the video is");
        }
        else if (fingerprint is not null)
        {
            Console.WriteLine($"{Paint.Bold("Trust")}    the first visit shows a warning; to remove it: {url}/trust");
            Console.WriteLine($"         SHA-256 {fingerprint[..48]}");
            Console.WriteLine($"                 {fingerprint[48..]}");
        }
    }
}

using System.Globalization;
using LanCamera.Arguments;
using P2PCam;
using P2PCam.AspNetCore;

namespace LanCamera.Output;

/// <summary>What the host says once viewers can come.</summary>
internal static class Banner
{
    private static readonly TimeSpan CameraLinkLifetime = TimeSpan.FromDays(30);

    public static void Print(LanCameraOptions options, IBroadcaster broadcaster, LanHttpsInfo https, P2PCamTokens? tokens)
    {
        var path = options.Stream == "default" ? "" : $"/s/{options.Stream}";
        var urls = https.GetUrls(options.AllInterfaces, options.Loopback);
        Console.WriteLine($"{Paint.Bold($"P2PCam {SourceWords.Version}")}   stream \"{options.Stream}\"");
        if (options.BrowserCamera && tokens is not null)
        {
            PrintBrowserCamera(options, urls[0].Url, https.Port, tokens);
        }
        else
        {
            Console.WriteLine($"{Paint.Bold("Camera")}   {SourceWords.Describe(broadcaster.Source, options)}");
        }

        PrintUrls([.. urls.Select(url => (url.Url + path, url.Via))]);
        PrintAccess(options, urls[0].Url, tokens);
        PrintTrust(urls[0].Url, https.AuthorityFingerprint, options.AllowHttp);
        if (Paint.IsTerminal && !options.NoQrCode)
        {
            Console.WriteLine();
            foreach (var line in QrCode.Lines(urls[0].Url + path))
            {
                Console.WriteLine("  " + line);
            }
        }

        Console.WriteLine();
        Console.WriteLine(Paint.Soft("Viewers are listed as they come and go. Ctrl+C ends."));
    }

    // On this machine no token is needed; the link with one is for a phone that is to be the camera.
    private static void PrintBrowserCamera(LanCameraOptions options, string url, int port, P2PCamTokens tokens)
    {
        var here = options.PageHere(port);
        var token = tokens.Create(options.Stream, SignalingRole.Broadcaster, CameraLinkLifetime);
        Console.WriteLine($"{Paint.Bold("Camera")}   a browser. Open this here and press Start: {Paint.Link(here.ToString())}");
        Console.WriteLine($"         or on a phone that is to be the camera: {Paint.Link($"{url}{here.AbsolutePath}#token={token}")}");
        if (options.WhyBrowser is not null)
        {
            Console.WriteLine(Paint.Soft($"         {options.WhyBrowser}"));
        }

        Console.WriteLine(Paint.Soft($"         whoever has that link can be the camera, for {CameraLinkLifetime.Days} days"));
    }

    private static void PrintUrls(IReadOnlyList<(string Url, string Via)> urls)
    {
        var width = urls.Max(url => url.Url.Length);
        for (var i = 0; i < urls.Count; i++)
        {
            var (url, via) = urls[i];
            var hint = i == 0 ? Paint.Good("   <- open this") : "";
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

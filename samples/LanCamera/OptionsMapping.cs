using LanCamera.Arguments;
using P2PCam;
using P2PCam.AspNetCore;

namespace LanCamera;

/// <summary>From the command line to the library's options.</summary>
internal static class OptionsMapping
{
    public static void Apply(this LanCameraOptions options, LanHttpsOptions https)
    {
        https.AllowHttp = options.AllowHttp;
        https.DataDirectory = options.DataDirectory;
        https.CertificatePath = options.CertificatePath;
        https.CertificateKeyPath = options.CertificateKeyPath;
        https.CertificatePassword = ReadPassword(options.CertificatePasswordFile);
        https.ResetAuthority = options.ResetAuthority;
        options.AllowedHosts.ForEach(https.HostNames.Add);
    }

    public static void Apply(this LanCameraOptions options, BroadcasterOptions broadcaster)
    {
        broadcaster.MediaPort = options.Port;
        broadcaster.Bitrate = options.Bitrate;
        broadcaster.MaxViewers = options.MaxViewers ?? broadcaster.MaxViewers;
        broadcaster.IncludeLoopback = options.Loopback;
        broadcaster.FailFast = true;
    }

    public static void Apply(this LanCameraOptions options, P2PCamEndpointOptions endpoints)
    {
        options.AllowedHosts.ForEach(endpoints.AllowedHosts.Add);
        options.AllowedOrigins.ForEach(endpoints.AllowedOrigins.Add);
        endpoints.ViewerPin = options.Pin;
        // What a proxy on this machine hands on is not from this machine.
        endpoints.TrustLoopback = endpoints.PublishFromLoopback = options.Proxies is null;
    }

    public static void Apply(this LanCameraOptions options, P2PCamForwardedHeadersOptions forwarded) => options.Proxies?.ForEach(forwarded.KnownProxies.Add);

    public static void Apply(this LanCameraOptions options, P2PCamTokenOptions tokens)
    {
        // For the camera's link only, unless --share makes links for viewers.
        tokens.RequireForViewers = options.Share is not null;
        tokens.Keys.Add(LinkKey.Load(options.DataDirectory));
    }

    /// <summary>What is to be opened on this machine itself: the page for the camera, or the one to watch.</summary>
    public static Uri PageHere(this LanCameraOptions options, int port)
    {
        var path = (options.BrowserCamera, options.Stream) switch
        {
            (true, "default") => "/camera",
            (true, var stream) => $"/camera/{stream}",
            (_, "default") => "/",
            (_, var stream) => $"/s/{stream}",
        };
        return new Uri($"{(options.AllowHttp ? "http" : "https")}://localhost:{port}{path}");
    }

    // Passwords on a command line can be read by every user of the machine.
    private static string? ReadPassword(string? path)
    {
        try
        {
            return path is null ? null : File.ReadAllText(path).TrimEnd('\r', '\n');
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new UsageException($"--cert-password-file: {e.Message}");
        }
    }
}

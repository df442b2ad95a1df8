using P2PCam.AspNetCore;

namespace Rendezvous;

internal static class Words
{
    public const string Help = """
        Rendezvous: where cameras and viewers find each other. Pictures do not pass through it.

          --port N               TCP port, 0 for any free one (8080)
          --https                HTTPS by a certificate of this machine's own, see /trust
          --token-key FILE       cameras and viewers need tokens signed with this key, which is made if it is missing
          --open                 nobody needs one: whoever reaches the port may broadcast and watch (so it is without --token-key)
          --redis HOST:PORT      share the rooms with other instances through this Redis
          --allow-host A,B       host names by which this server goes, besides its own names and addresses; * for any
          --allow-origin A,B     other origins whose pages may connect
          --behind-proxy A,B     reverse proxies, or their networks, whose word is taken for who asks and how (127.0.0.1 for one on this machine)
          --max-connections N    at once (5000)

        rendezvous token --token-key FILE [--stream NAME] [--for 30m|12h|7d] [--server URL]
          prints a token for the camera of a stream (default), and a link for its viewers, for that long (1h)

        The same by environment: P2PCAM_PORT, P2PCAM_REDIS, ...
        """;

    public static void Print(Settings settings, WebApplication app)
    {
        var port = new Uri(app.Urls.First()).Port;
        var (web, socket) = settings.Https ? ("https", "wss") : ("http", "ws");
        var lan = app.Services.GetService<LanHttpsInfo>();
        var host = lan is null ? "THIS-HOST" : new Uri(lan.GetUrls()[0].Url).Host;
        Console.WriteLine($"""
            Rendezvous is ready on port {port}{(settings.Redis is null ? "" : $", sharing its rooms through Redis at {settings.Redis}")}.

            Cameras    {socket}://{host}:{port}/signal  or  {web}://{host}:{port}/hub
            Viewers    {web}://{host}:{port}/s/STREAM in a browser, or a program by the same addresses as cameras
            Health     {web}://localhost:{port}/healthz{(lan?.AuthorityFingerprint is { } fingerprint ? $"\nTrust      programs: --pin-sha256 {fingerprint.Replace(":", "", StringComparison.Ordinal)}; browsers: {web}://{host}:{port}/trust" : "")}

            Ctrl+C ends it.
            """);
        if (settings.IsOpen)
        {
            Console.WriteLine("\nWARNING: whoever reaches this port may broadcast and watch. --token-key FILE lets in only who has a token.");
        }
    }
}

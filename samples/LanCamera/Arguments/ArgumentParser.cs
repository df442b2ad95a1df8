using System.Globalization;
using System.Net;
using System.Security.Cryptography;

namespace LanCamera.Arguments;

/// <summary>The command line's options, and what each sets.</summary>
internal static class ArgumentParser
{
    private static readonly OptionTable<LanCameraOptions> Table = new OptionTable<LanCameraOptions>()
        .Picture()
        .Switch("--browser-camera", o => o.BrowserCamera = true)
        .Switch("--open", o => o.Open = true)
        .Switch("--http", o => o.AllowHttp = true)
        .Switch("--reset-ca", o => o.ResetAuthority = true)
        .Switch("--all-interfaces", o => o.AllInterfaces = true)
        .Switch("--loopback", o => o.Loopback = true)
        .Switch("--no-qr", o => o.NoQrCode = true)
        .Switch("--verbose", o => o.Verbose = true)
        .Switch("--help", o => o.Help = true)
        .Switch("-h", o => o.Help = true)
        .Value("--port", (o, text) => o.Port = OptionValues.Whole("--port", text, 0, 65535))
        .Value("--stream", (o, text) => o.Stream = OptionValues.StreamName(text))
        .Value("--data-dir", (o, text) => o.DataDirectory = Path.GetFullPath(text))
        .Value("--cert", (o, text) => o.CertificatePath = Path.GetFullPath(text))
        .Value("--cert-key", (o, text) => o.CertificateKeyPath = Path.GetFullPath(text))
        .Value("--cert-password-file", (o, text) => o.CertificatePasswordFile = Path.GetFullPath(text))
        .Value("--max-viewers", (o, text) => o.MaxViewers = OptionValues.Whole("--max-viewers", text, 1, 10_000))
        .Value("--allow-host", (o, text) => o.AllowedHosts.Add(text))
        .Value("--allow-origin", (o, text) => o.AllowedOrigins.Add(text))
        .Value("--share", (o, text) => o.Share = Duration("--share", text))
        .OptionalValue("--behind-proxy", (o, text) => (o.Proxies ??= []).AddRange(text is null ? [] : [Proxy(text)]))
        .OptionalValue("--pin", (o, text) => o.Pin = Pin(text));

    /// <exception cref="UsageException">An unknown option, a missing value, or one out of its range.</exception>
    public static LanCameraOptions Parse(IReadOnlyList<string> arguments)
    {
        var options = Table.Parse(arguments, new LanCameraOptions());
        return options.BrowserCamera && options.Source.Kind != SourceKind.Auto
            ? throw new UsageException("--browser-camera takes the picture from a browser, and --source from elsewhere. Leave one of them out.")
            : options;
    }

    // Not quoted: whoever looks over the shoulder need not see how it was mistyped.
    private static string Pin(string? text) => text switch
    {
        null => RandomNumberGenerator.GetInt32(1_000_000).ToString("000000", CultureInfo.InvariantCulture),
        { Length: >= 4 and <= 64 } when text.All(char.IsAsciiDigit) => text,
        _ => throw new UsageException("--pin takes 4 to 64 digits, or nothing for a random PIN."),
    };

    private static string Proxy(string text) => IPAddress.TryParse(text, out _) || IPNetwork.TryParse(text, out _)
        ? text
        : throw new UsageException($"--behind-proxy takes an address or a network, such as 10.0.0.2 or 172.16.0.0/12, or nothing for a proxy on this machine, not '{text}'.");

    private static TimeSpan Duration(string name, string text)
    {
        var unit = text[^1] switch
        {
            'm' => TimeSpan.FromMinutes(1),
            'h' => TimeSpan.FromHours(1),
            'd' => TimeSpan.FromDays(1),
            _ => TimeSpan.Zero,
        };
        return int.TryParse(text[..^1], NumberStyles.None, CultureInfo.InvariantCulture, out var value) && value is >= 1 and <= 9999
            && value * unit is var duration && duration >= TimeSpan.FromMinutes(1) && duration <= TimeSpan.FromDays(366)
            ? duration
            : throw new UsageException($"{name} takes minutes, hours or days up to 366d, such as 30m, 12h or 7d, not '{text}'.");
    }
}

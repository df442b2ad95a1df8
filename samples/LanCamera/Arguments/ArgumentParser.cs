using System.Globalization;
using System.Security.Cryptography;

namespace LanCamera.Arguments;

/// <summary>Reads the command line: <c>--name value</c>, <c>--name=value</c> and plain <c>--name</c>.</summary>
internal static class ArgumentParser
{
    private static readonly Dictionary<string, Action<LanCameraOptions>> Switches = new(StringComparer.Ordinal)
    {
        ["--http"] = o => o.AllowHttp = true,
        ["--reset-ca"] = o => o.ResetAuthority = true,
        ["--all-interfaces"] = o => o.AllInterfaces = true,
        ["--loopback"] = o => o.Loopback = true,
        ["--no-qr"] = o => o.NoQrCode = true,
        ["--verbose"] = o => o.Verbose = true,
        ["--help"] = o => o.Help = true,
        ["-h"] = o => o.Help = true,
    };

    private static readonly Dictionary<string, Action<LanCameraOptions, string>> Values = new(StringComparer.Ordinal)
    {
        ["--port"] = (o, text) => o.Port = Whole("--port", text, 0, 65535),
        ["--source"] = (o, text) => o.Source = SourceChoice.Parse(text),
        ["--size"] = (o, text) => (o.Width, o.Height) = Size(text),
        ["--fps"] = (o, text) => o.FrameRate = Number("--fps", text, 1, 120),
        ["--bitrate"] = (o, text) => o.Bitrate = Bitrate(text),
        ["--stream"] = (o, text) => o.Stream = StreamName(text),
        ["--data-dir"] = (o, text) => o.DataDirectory = Path.GetFullPath(text),
        ["--cert"] = (o, text) => o.CertificatePath = Path.GetFullPath(text),
        ["--cert-key"] = (o, text) => o.CertificateKeyPath = Path.GetFullPath(text),
        ["--cert-password-file"] = (o, text) => o.CertificatePasswordFile = Path.GetFullPath(text),
        ["--max-viewers"] = (o, text) => o.MaxViewers = Whole("--max-viewers", text, 1, 10_000),
        ["--allow-host"] = (o, text) => o.AllowedHosts.Add(text),
        ["--share"] = (o, text) => o.Share = Duration("--share", text),
    };

    private static readonly Dictionary<string, Action<LanCameraOptions, string?>> OptionalValues = new(StringComparer.Ordinal)
    {
        ["--pin"] = (o, text) => o.Pin = Pin(text),
    };

    /// <exception cref="UsageException">An unknown option, a missing value, or one out of its range.</exception>
    public static LanCameraOptions Parse(IReadOnlyList<string> arguments)
    {
        var options = new LanCameraOptions();
        for (var i = 0; i < arguments.Count; i++)
        {
            var (name, value) = Split(arguments[i]);
            if (Switches.TryGetValue(name, out var turnOn))
            {
                turnOn(value is null ? options : throw new UsageException($"{name} takes no value."));
            }
            else if (Values.TryGetValue(name, out var set))
            {
                value ??= IsValue(i + 1) ? arguments[++i] : null;
                set(options, value is { Length: > 0 } ? value : throw new UsageException($"{name} needs a value."));
            }
            else if (OptionalValues.TryGetValue(name, out var setOrNot))
            {
                setOrNot(options, value ?? (IsValue(i + 1) ? arguments[++i] : null));
            }
            else
            {
                throw new UsageException($"There is no option '{arguments[i]}'.{Suggestion(name)} --help lists them all.");
            }
        }

        return options;

        bool IsValue(int index) => index < arguments.Count && !arguments[index].StartsWith("--", StringComparison.Ordinal);
    }

    private static (string Name, string? Value) Split(string argument) =>
        argument.StartsWith("--", StringComparison.Ordinal) && argument.IndexOf('=', StringComparison.Ordinal) is var at and > 0
            ? (argument[..at], argument[(at + 1)..])
            : (argument, null);

    private static string Suggestion(string name)
    {
        var near = Switches.Keys.Concat(Values.Keys).Concat(OptionalValues.Keys).FirstOrDefault(known =>
            name.Length > 3 && (known.StartsWith(name, StringComparison.OrdinalIgnoreCase) || name.TrimStart('-').Equals(known.TrimStart('-'), StringComparison.OrdinalIgnoreCase)));
        return near is null ? "" : $" Did you mean {near}?";
    }

    private static int Whole(string name, string text, int least, int most) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var value) && value >= least && value <= most
            ? value
            : throw new UsageException($"{name} takes a whole number from {least} to {most}, not '{text}'.");

    private static double Number(string name, string text, double least, double most) =>
        double.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var value) && value >= least && value <= most
            ? value
            : throw new UsageException($"{name} takes a number from {least} to {most}, not '{text}'.");

    private static (int Width, int Height) Size(string text)
    {
        var parts = text.Split('x', 'X', '×');
        return parts.Length == 2
            && int.TryParse(parts[0], NumberStyles.None, CultureInfo.InvariantCulture, out var width)
            && int.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out var height)
            && width is >= 16 and <= 4096 && height is >= 16 and <= 4096 && width % 2 == 0 && height % 2 == 0
            ? (width, height)
            : throw new UsageException($"--size takes WIDTHxHEIGHT in even numbers from 16 to 4096, such as 1280x720, not '{text}'.");
    }

    private static int Bitrate(string text)
    {
        var factor = text[^1] switch
        {
            'k' or 'K' => 1_000.0,
            'm' or 'M' => 1_000_000.0,
            _ => 1.0,
        };
        var digits = factor > 1 ? text[..^1] : text;
        return double.TryParse(digits, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var value) && value * factor is >= 50_000 and <= 50_000_000
            ? (int)(value * factor)
            : throw new UsageException($"--bitrate takes bits per second from 50k to 50M, such as 2M or 800k, not '{text}'.");
    }

    // Not quoted: whoever looks over the shoulder need not see how it was mistyped.
    private static string Pin(string? text) => text switch
    {
        null => RandomNumberGenerator.GetInt32(1_000_000).ToString("000000", CultureInfo.InvariantCulture),
        { Length: >= 4 and <= 64 } when text.All(char.IsAsciiDigit) => text,
        _ => throw new UsageException("--pin takes 4 to 64 digits, or nothing for a random PIN."),
    };

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

    private static string StreamName(string text) =>
        text.Length <= 64 && text.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.')
            ? text
            : throw new UsageException($"--stream takes 1 to 64 letters, digits, '-', '_' or '.', not '{text}'.");
}

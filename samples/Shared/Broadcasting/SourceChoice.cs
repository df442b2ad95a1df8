using System.Text.RegularExpressions;

namespace Samples;

internal enum SourceKind
{
    /// <summary>The first camera, else the test pattern.</summary>
    Auto,
    TestPattern,
    Camera,
    File,

    /// <summary>A network camera or stream.</summary>
    Address,
}

/// <summary>What <c>--source</c> said.</summary>
/// <param name="Kind">Which kind of source.</param>
/// <param name="Value">Device, path or address; null where the kind needs none.</param>
internal sealed partial record SourceChoice(SourceKind Kind, string? Value = null)
{
    private const string Takes = "It takes auto, test, camera, camera:DEVICE, file:PATH, or an address: rtsp://..., http://..., srt://..., udp://...";

    public static SourceChoice Parse(string text)
    {
        var (kind, value) = text.IndexOf(':', StringComparison.Ordinal) is var colon and > 0 ? (text[..colon], text[(colon + 1)..]) : (text, null);
        return (kind.ToLowerInvariant(), value) switch
        {
            ("auto", null) => new(SourceKind.Auto),
            ("test", null) => new(SourceKind.TestPattern),
            ("camera", null) => new(SourceKind.Camera),
            ("camera", { Length: > 0 }) => new(SourceKind.Camera, value),
            ("file", { Length: > 0 }) when !value.StartsWith("//", StringComparison.Ordinal) => new(SourceKind.File, value),
            ("file", { Length: > 2 }) => new(SourceKind.File, Uri.TryCreate(text, UriKind.Absolute, out var file) ? file.LocalPath : value),
            ("rtsp", { Length: > 0 }) when !value.StartsWith("//", StringComparison.Ordinal) => ParseAddress(value),
            (_, not null) when value.StartsWith("//", StringComparison.Ordinal) => ParseAddress(text),
            _ => throw new UsageException($"--source does not know '{Shown(text)}'. {Takes}"),
        };
    }

    // Not quoted whole: it may hold a password.
    private static SourceChoice ParseAddress(string text) => Address().IsMatch(text)
        ? new(SourceKind.Address, text)
        : throw new UsageException(
            $"--source: '{Shown(text)}' is no address of a camera or stream. It looks like rtsp://user:password@host/path; in a password write @ as %40, # as %23, : as %3A, "
            + "/ as %2F, ? as %3F and % as %25, and put the whole in quotes.");

    private static string Shown(string text) =>
        text.LastIndexOf('@') is >= 0 and var at ? $"{Beginning().Match(text).Value}***{text[at..]}" : Query().Replace(text, "?***");

    [GeneratedRegex(@"^[A-Za-z][A-Za-z0-9+.-]*://[^/].*(?<!@)$")]
    private static partial Regex Address();

    [GeneratedRegex(@"^(?:rtsp:)?[A-Za-z][A-Za-z0-9+.-]*:(?://)?")]
    private static partial Regex Beginning();

    [GeneratedRegex(@"\?.*")]
    private static partial Regex Query();
}

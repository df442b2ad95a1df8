namespace Samples;

internal enum SourceKind
{
    /// <summary>The first camera, else the test pattern.</summary>
    Auto,
    TestPattern,
    Camera,
    File,
    Rtsp,
}

/// <summary>What <c>--source</c> said.</summary>
/// <param name="Kind">Which kind of source.</param>
/// <param name="Value">Device, path or address; null where the kind needs none.</param>
internal sealed record SourceChoice(SourceKind Kind, string? Value = null)
{
    public static SourceChoice Parse(string text)
    {
        var (kind, value) = text.IndexOf(':', StringComparison.Ordinal) is var colon and > 0 ? (text[..colon], text[(colon + 1)..]) : (text, null);
        return (kind.ToLowerInvariant(), value) switch
        {
            ("auto", null) => new(SourceKind.Auto),
            ("test", null) => new(SourceKind.TestPattern),
            ("camera", null) => new(SourceKind.Camera),
            ("camera", { Length: > 0 }) => new(SourceKind.Camera, value),
            ("file", { Length: > 0 }) => new(SourceKind.File, value),
            ("rtsp", { Length: > 0 }) => new(SourceKind.Rtsp, value.StartsWith("//", StringComparison.Ordinal) ? text : value),
            _ => throw new UsageException($"--source does not know '{text}'. It takes auto, test, camera, camera:DEVICE, file:PATH or rtsp:URL."),
        };
    }
}

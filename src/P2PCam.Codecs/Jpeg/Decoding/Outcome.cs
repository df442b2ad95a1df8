namespace P2PCam.Codecs.Jpeg.Decoding;

/// <summary>What became of a piece of a picture.</summary>
internal readonly record struct Outcome(JpegDecodeResult Result, string Reason)
{
    public static Outcome Ok => new(JpegDecodeResult.Ok, "");

    public static Outcome Truncated(string reason) => new(JpegDecodeResult.Truncated, reason);

    public static Outcome Corrupt(string reason) => new(JpegDecodeResult.Corrupt, reason);

    public static Outcome Size(string reason) => new(JpegDecodeResult.UnsupportedSize, reason);

    public static Outcome Process(string reason) => new(JpegDecodeResult.UnsupportedProcess, reason);

    public static Outcome Format(string reason) => new(JpegDecodeResult.UnsupportedFormat, reason);
}

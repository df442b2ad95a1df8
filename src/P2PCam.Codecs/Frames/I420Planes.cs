namespace P2PCam.Codecs.Frames;

/// <summary>The planes of an I420 picture that is being written, tightly packed.</summary>
internal readonly ref struct I420Planes(Span<byte> y, Span<byte> u, Span<byte> v, int width, int height)
{
    public Span<byte> Y { get; } = y;

    public Span<byte> U { get; } = u;

    public Span<byte> V { get; } = v;

    public int Width { get; } = width;

    public int Height { get; } = height;

    public int ChromaWidth => (Width + 1) / 2;

    public int ChromaHeight => (Height + 1) / 2;

    /// <summary>The planes within the pixels of a whole frame.</summary>
    public static I420Planes Of(Span<byte> pixels, int width, int height)
    {
        var layout = FrameLayout.For(PixelFormat.I420, width, height);
        return new(pixels[..layout.Offset1], pixels[layout.Offset1..layout.Offset2], pixels[layout.Offset2..layout.Size], width, height);
    }

    public Span<byte> LumaRow(int row) => Y.Slice(row * Width, Width);

    public Span<byte> URow(int row) => U.Slice(row * ChromaWidth, ChromaWidth);

    public Span<byte> VRow(int row) => V.Slice(row * ChromaWidth, ChromaWidth);
}

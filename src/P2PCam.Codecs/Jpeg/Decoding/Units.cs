namespace P2PCam.Codecs.Jpeg.Decoding;

/// <summary>
/// What a scan is made of (ITU-T T.81 A.2): the blocks of one component in rows, as many as its samples need, or of several by MCU, in each
/// so many of
/// each component as its sampling says.
/// </summary>
internal readonly ref struct Units
{
    private readonly bool _isInterleaved;
    private readonly int _columns;

    private Units(ReadOnlySpan<Component> components, int columns, int rows)
    {
        Components = components;
        _isInterleaved = components.Length > 1;
        _columns = columns;
        Total = columns * rows;
    }

    public ReadOnlySpan<Component> Components { get; }

    public int Total { get; }

    public static Units Of(ReadOnlySpan<Component> components, PictureLayout layout) => components.Length == 1
        ? new Units(components, PictureLayout.Divide(components[0].Width, 8), PictureLayout.Divide(components[0].Height, 8))
        : new Units(components, layout.Columns, layout.Rows);

    /// <summary>How many blocks of a component each unit has.</summary>
    public (int Across, int Down) BlocksOf(Component component) => _isInterleaved ? (component.Horizontal, component.Vertical) : (1, 1);

    /// <summary>The first block of a unit, counted in blocks from the left and from the top.</summary>
    public (int Left, int Top) PlaceOf(int unit, int across, int down) => (unit % _columns * across, unit / _columns * down);
}

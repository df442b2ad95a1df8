namespace P2PCam.Codecs.Jpeg.Decoding;

/// <summary>The frame header (ITU-T T.81 B.2.2): size and components.</summary>
internal sealed class PictureLayout
{
    private const int MaxComponents = 3;
    private const int MaxSampling = 4;
    private const int Block = 8;
    private const int NoTransform = -1;

    private readonly Component[] _components = [new(), new(), new()];
    private bool _hasJfif;
    private int _adobeTransform = NoTransform;

    public int Width { get; private set; }

    public int Height { get; private set; }

    /// <summary>1, gray, or 3, YCbCr or RGB; 0 before the header.</summary>
    public int Count { get; private set; }

    public int MaxHorizontal { get; private set; }

    public int MaxVertical { get; private set; }

    public int Columns => Divide(Width, Block * MaxHorizontal);

    public int Rows => Divide(Height, Block * MaxVertical);

    public Component this[int index] => _components[index];

    /// <summary>
    /// Whether three components are red, green and blue: a JFIF file's never are (T.871 section 6.1), Adobe's segment says it (T.872
    /// section 6.5.3), and without
    /// either the identifiers do.
    /// </summary>
    public bool IsRgb => Count == MaxComponents && !_hasJfif
        && (_adobeTransform == 0 || (_adobeTransform == NoTransform && (AreIds('R', 'G', 'B') || AreIds('r', 'g', 'b'))));

    /// <summary>All components are decoded.</summary>
    public bool IsComplete
    {
        get
        {
            for (var i = 0; i < Count; i++)
            {
                if (!_components[i].IsDecoded)
                {
                    return false;
                }
            }

            return Count > 0;
        }
    }

    public void Reset() => (Count, _hasJfif, _adobeTransform) = (0, false, NoTransform);

    /// <summary>
    /// The next component with this identifier, which some cameras give to all of them: one that came in no scan, and is not taken by this
    /// one.
    /// </summary>
    public Component? Find(int id, ReadOnlySpan<Component> taken)
    {
        for (var i = 0; i < Count; i++)
        {
            if (_components[i].Id == id && !_components[i].IsDecoded && !taken.Contains(_components[i]))
            {
                return _components[i];
            }
        }

        return null;
    }

    public Outcome ReadJfif(ReadOnlySpan<byte> payload)
    {
        _hasJfif |= payload.StartsWith("JFIF\0"u8);
        return Outcome.Ok;
    }

    // "Adobe", version 16, flags 16 and 16, transform 8: 0 for none, 1 for YCbCr, 2 for YCCK
    public Outcome ReadAdobe(ReadOnlySpan<byte> payload)
    {
        _adobeTransform = payload.Length >= 12 && payload.StartsWith("Adobe"u8) ? payload[11] : _adobeTransform;
        return Outcome.Ok;
    }

    // precision 8 | height 16 | width 16 | number of components 8 | for each: identifier 8, sampling across 4 and down 4, quantization table 8
    public Outcome Read(ReadOnlySpan<byte> payload, JpegDecoderOptions options)
    {
        if (Count > 0)
        {
            return Outcome.Corrupt("The picture has two frame headers (SOF).");
        }

        if (payload.Length < 6 || payload.Length < 6 + (3 * payload[5]))
        {
            return Outcome.Corrupt("The frame header (SOF) is shorter than its components need.");
        }

        if (payload[0] != 8)
        {
            return Outcome.Process("The samples are not of 8 bits, which are decoded.");
        }

        (Height, Width) = ((payload[1] << 8) | payload[2], (payload[3] << 8) | payload[4]);
        if (Width == 0 || Height == 0 || Width > options.MaxWidth || Height > options.MaxHeight)
        {
            return Outcome.Size("The picture has no width or height, or is larger than the options allow.");
        }

        return payload[5] switch
        {
            1 or MaxComponents => ReadComponents(payload[6..], payload[5]),
            4 => Outcome.Format("The picture has four components: CMYK or YCCK, for print. Save it as YCbCr or RGB."),
            _ => Outcome.Format("The picture has neither one component (gray) nor three (YCbCr or RGB)."),
        };
    }

    /// <summary>Makes room for the samples, once it is known that there can be so many.</summary>
    public void MakeRoom()
    {
        for (var i = 0; i < Count; i++)
        {
            var component = _components[i];
            component.Measure(Divide(Width * component.Horizontal, MaxHorizontal), Divide(Height * component.Vertical, MaxVertical), Columns, Rows);
        }
    }

    public static int Divide(int value, int by) => (value + by - 1) / by;

    private bool AreIds(int first, int second, int third) =>
        (_components[0].Id, _components[1].Id, _components[2].Id) == (first, second, third);

    private Outcome ReadComponents(ReadOnlySpan<byte> fields, int count)
    {
        (MaxHorizontal, MaxVertical) = (1, 1);
        for (var i = 0; i < count; i++)
        {
            var field = fields.Slice(3 * i, 3);
            var (horizontal, vertical) = (field[1] >> 4, field[1] & 15);
            if (horizontal is 0 or > MaxSampling || vertical is 0 or > MaxSampling)
            {
                return Outcome.Corrupt("A component's sampling is not from 1 to 4.");
            }

            // Of a picture with one component, the MCU is one block whatever this says (A.2.2).
            _components[i].Describe(field[0], count == 1 ? 1 : horizontal, count == 1 ? 1 : vertical, field[2]);
            (MaxHorizontal, MaxVertical) = (Math.Max(MaxHorizontal, _components[i].Horizontal), Math.Max(MaxVertical, _components[i].Vertical));
        }

        for (var i = 0; i < count; i++)
        {
            var (across, down) = (MaxHorizontal / _components[i].Horizontal, MaxVertical / _components[i].Vertical);
            var isWhole = across * _components[i].Horizontal == MaxHorizontal && down * _components[i].Vertical == MaxVertical;
            if (!isWhole || across == 3 || down == 3 || (i == 0 && across * down != 1))
            {
                return Outcome.Format("The components' sampling is unusual: chroma is taken at luma's width and height, a half or a quarter of them.");
            }
        }

        Count = count;
        return Outcome.Ok;
    }
}

namespace P2PCam.Codecs.Jpeg.Decoding;

/// <summary>One component of a picture: where its samples go, and how the scan in work codes it.</summary>
internal sealed class Component
{
    private byte[] _samples = [];

    public int Id { get; private set; }

    /// <summary>Blocks across in each MCU.</summary>
    public int Horizontal { get; private set; }

    /// <summary>Blocks down in each MCU.</summary>
    public int Vertical { get; private set; }

    public int StepsNumber { get; private set; }

    /// <summary>Samples that belong to the picture.</summary>
    public int Width { get; private set; }

    public int Height { get; private set; }

    /// <summary>Bytes of a row, whole MCUs.</summary>
    public int Stride { get; private set; }

    public byte[] Samples => _samples;

    /// <summary>It came in a scan.</summary>
    public bool IsDecoded { get; set; }

    /// <summary>What the samples become.</summary>
    public SampleRange Range { get; set; }

    public HuffmanDecoder? Dc { get; set; }

    public HuffmanDecoder? Ac { get; set; }

    /// <summary>What coefficients, in zigzag order, are multiplied with: steps, the transform's scale, and the range of video.</summary>
    public float[] Factors { get; } = new float[64];

    /// <summary>The DC of the block before.</summary>
    public int LastDc { get; set; }

    public void Describe(int id, int horizontal, int vertical, int stepsNumber) =>
        (Id, Horizontal, Vertical, StepsNumber, IsDecoded) = (id, horizontal, vertical, stepsNumber, false);

    /// <summary>Sets the size, for a picture of so many MCUs.</summary>
    public void Measure(int width, int height, int columns, int rows)
    {
        (Width, Height, Stride) = (width, height, columns * Horizontal * 8);
        var size = Stride * rows * Vertical * 8;
        if (_samples.Length < size)
        {
            _samples = GC.AllocateUninitializedArray<byte>(size);
        }
    }
}

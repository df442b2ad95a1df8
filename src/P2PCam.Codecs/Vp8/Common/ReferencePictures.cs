namespace P2PCam.Codecs.Vp8.Common;

/// <summary>The last, golden and altref pictures, and a spare one to decode into: four buffers at most, made when first needed.</summary>
internal sealed class ReferencePictures(int columns, int rows)
{
    private readonly FrameBuffer?[] _pool = new FrameBuffer?[4];

    // By ReferenceKind; the first is the picture in work.
    private readonly FrameBuffer?[] _pictures = new FrameBuffer?[4];

    public int Columns { get; } = columns;

    public int Rows { get; } = rows;

    /// <summary>The picture to predict from; there is one once a key frame was decoded.</summary>
    public FrameBuffer this[ReferenceKind kind] => _pictures[(int)kind]!;

    /// <summary>A buffer that nothing refers to.</summary>
    public FrameBuffer Begin()
    {
        for (var i = 0; i < _pool.Length; i++)
        {
            var buffer = _pool[i] ??= new FrameBuffer(Columns, Rows);
            if (buffer != _pictures[1] && buffer != _pictures[2] && buffer != _pictures[3])
            {
                return _pictures[0] = buffer;
            }
        }

        throw new System.Diagnostics.UnreachableException("Three references cannot hold four buffers.");
    }

    /// <summary>Altref first, then golden, then the new picture; in this order golden may get what altref has just got.</summary>
    public void Update(in ReferenceUpdate update)
    {
        ref var altRef = ref _pictures[(int)ReferenceKind.AltRef];
        ref var golden = ref _pictures[(int)ReferenceKind.Golden];
        ref var last = ref _pictures[(int)ReferenceKind.Last];
        altRef = update.CopyToAltRef switch { 1 => last, 2 => golden, _ => altRef };
        golden = update.CopyToGolden switch { 1 => last, 2 => altRef, _ => golden };
        golden = update.Golden ? _pictures[0] : golden;
        altRef = update.AltRef ? _pictures[0] : altRef;
        last = update.Last ? _pictures[0] : last;
    }
}

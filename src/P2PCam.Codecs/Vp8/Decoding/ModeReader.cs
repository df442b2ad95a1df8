using P2PCam.Codecs.Vp8.Common;

namespace P2PCam.Codecs.Vp8.Decoding;

/// <summary>Reads each macroblock's segment, modes and vectors, in raster order (RFC 6386 sections 10, 11, 16 and 17).</summary>
internal sealed class ModeReader(int columns, int rows)
{
    private readonly byte[] _segments = new byte[columns * rows];

    // One row of what lies above, renewed from left to right; the first entry stands for what is left of the picture.
    private readonly MacroblockInfo[] _above = new MacroblockInfo[columns + 1];
    private readonly MotionVector[] _vectorsAbove = new MotionVector[columns * 4];
    private readonly MotionVector[] _vectorsLeft = new MotionVector[4];
    private readonly byte[] _modesAbove = new byte[columns * 4];
    private readonly byte[] _modesLeft = new byte[4];
    private MacroblockInfo _aboveLeft;

    public void BeginFrame(FrameHeader header)
    {
        Array.Clear(_above);
        Array.Clear(_vectorsAbove);
        Array.Clear(_modesAbove);
        if (header.IsKeyFrame && !header.Segmentation.UpdatesMap)
        {
            Array.Clear(_segments);
        }
    }

    public void BeginRow()
    {
        Array.Clear(_vectorsLeft);
        Array.Clear(_modesLeft);
        _aboveLeft = default;
    }

    public void Read(ref BoolDecoder modes, FrameHeader header, Macroblock macroblock)
    {
        ref var segment = ref _segments[(macroblock.Row * columns) + macroblock.Column];
        if (header.Segmentation.UpdatesMap)
        {
            segment = header.Segmentation.ReadSegment(ref modes);
        }

        macroblock.Segment = segment;
        var isSkipped = header.SkipProbability is { } probability && modes.Read(probability);
        if (header.IsKeyFrame)
        {
            ReadKeyModes(ref modes, macroblock);
        }
        else if (modes.Read(header.IntraProbability))
        {
            ReadInterModes(ref modes, header, macroblock);
        }
        else
        {
            ReadIntraModes(ref modes, header.Probabilities, macroblock);
        }

        macroblock.Info.HasNoCoefficients = isSkipped;
        ref var above = ref _above[macroblock.Column + 1];
        _aboveLeft = above;
        above = macroblock.Info;
    }

    private void ReadKeyModes(ref BoolDecoder modes, Macroblock macroblock)
    {
        var mode = (MacroblockMode)modes.ReadTree(Trees.KeyLumaMode, ModeProbabilities.KeyLuma);
        var above = _modesAbove.AsSpan(macroblock.Column * 4, 4);
        if (mode == MacroblockMode.Subblocks)
        {
            for (var i = 0; i < 16; i++)
            {
                ref var modeAbove = ref above[i & 3];
                ref var modeLeft = ref _modesLeft[i >> 2];
                var subblock = (byte)modes.ReadTree(Trees.SubblockMode, SubblockModeProbabilities.Key(modeAbove, modeLeft));
                macroblock.SubblockModes[i] = modeAbove = modeLeft = subblock;
            }
        }
        else
        {
            var implied = (byte)ImpliedSubblockMode(mode);
            above.Fill(implied);
            _modesLeft.AsSpan().Fill(implied);
        }

        var chroma = (MacroblockMode)modes.ReadTree(Trees.ChromaMode, ModeProbabilities.KeyChroma);
        macroblock.Info = new MacroblockInfo { Mode = mode, ChromaMode = chroma, Reference = ReferenceKind.Intra };
    }

    // What a whole-block mode counts as where a subblock mode's neighbours matter (RFC 6386 section 11.3).
    private static SubblockMode ImpliedSubblockMode(MacroblockMode mode) => mode switch
    {
        MacroblockMode.Vertical => SubblockMode.Vertical,
        MacroblockMode.Horizontal => SubblockMode.Horizontal,
        MacroblockMode.TrueMotion => SubblockMode.TrueMotion,
        _ => SubblockMode.Dc,
    };

    private void ReadIntraModes(ref BoolDecoder modes, FrameProbabilities probabilities, Macroblock macroblock)
    {
        var mode = (MacroblockMode)modes.ReadTree(Trees.LumaMode, probabilities.LumaModes);
        for (var i = 0; mode == MacroblockMode.Subblocks && i < 16; i++)
        {
            macroblock.SubblockModes[i] = (byte)modes.ReadTree(Trees.SubblockMode, SubblockModeProbabilities.Inter);
        }

        var chroma = (MacroblockMode)modes.ReadTree(Trees.ChromaMode, probabilities.ChromaModes);
        macroblock.Info = new MacroblockInfo { Mode = mode, ChromaMode = chroma, Reference = ReferenceKind.Intra };
        SetVectors(macroblock.Column, default);
    }

    private void ReadInterModes(ref BoolDecoder modes, FrameHeader header, Macroblock macroblock)
    {
        var reference = !modes.Read(header.LastProbability) ? ReferenceKind.Last
            : !modes.Read(header.GoldenProbability) ? ReferenceKind.Golden
            : ReferenceKind.AltRef;

        // Vectors of neighbours whose reference has the other sign are turned round.
        var invert = ((header.SignBias >> (int)reference) & 1) != 0 ? ~header.SignBias : header.SignBias;
        var bounds = MotionBounds.For(macroblock.Row, macroblock.Column, rows, columns);
        var neighbors = NeighborVectors.Find(_above[macroblock.Column + 1], _above[macroblock.Column], _aboveLeft, bounds, invert);
        var (mode, vector) = (MacroblockMode.ZeroMv, default(MotionVector));
        if (modes.Read(neighbors.ModeProbability(0)))
        {
            if (!modes.Read(neighbors.ModeProbability(1)))
            {
                (mode, vector) = (MacroblockMode.NearestMv, neighbors.Nearest);
            }
            else if (!modes.Read(neighbors.ModeProbability(2)))
            {
                (mode, vector) = (MacroblockMode.NearMv, neighbors.Near);
            }
            else if (!modes.Read(neighbors.ModeProbability(3)))
            {
                (mode, vector) = (MacroblockMode.NewMv, VectorReader.Read(ref modes, neighbors.Best, header.Probabilities.Vectors));
            }
            else
            {
                mode = MacroblockMode.SplitMv;
            }
        }

        if (mode == MacroblockMode.SplitMv)
        {
            vector = ReadSplit(ref modes, neighbors.Best, header.Probabilities.Vectors, macroblock);
        }
        else
        {
            SetVectors(macroblock.Column, vector);
        }

        macroblock.Info = new MacroblockInfo { Mode = mode, Reference = reference, Vector = vector };
    }

    // The macroblock's own vector, for later ones to go by, is that of its last subblock.
    private MotionVector ReadSplit(ref BoolDecoder modes, MotionVector best, ReadOnlySpan<byte> probabilities, Macroblock macroblock)
    {
        var above = _vectorsAbove.AsSpan(macroblock.Column * 4, 4);
        var vectors = macroblock.Vectors;
        macroblock.HasFineVectors = VectorReader.ReadSplit(ref modes, best, _vectorsLeft, above, probabilities, vectors);
        vectors.AsSpan(12, 4).CopyTo(above);
        for (var i = 0; i < 4; i++)
        {
            _vectorsLeft[i] = vectors[(i * 4) + 3];
        }

        return vectors[15];
    }

    private void SetVectors(int column, MotionVector vector)
    {
        _vectorsAbove.AsSpan(column * 4, 4).Fill(vector);
        _vectorsLeft.AsSpan().Fill(vector);
    }
}

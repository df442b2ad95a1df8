using P2PCam.Codecs.Vp8.Common;

namespace P2PCam.Codecs.Vp8.Decoding;

/// <summary>Makes a macroblock's pixels: prediction, and what its coefficients add (RFC 6386 sections 12 and 14).</summary>
internal sealed unsafe class Reconstructor
{
    private readonly InterPredictor _inter = new();

    public void BeginFrame(int profile) => _inter.BeginFrame(profile);

    public void Build(Macroblock macroblock, ReferencePictures references, FrameBuffer target)
    {
        if (macroblock.Info.Reference != ReferenceKind.Intra)
        {
            _inter.Predict(macroblock, references[macroblock.Info.Reference], target);
        }
        else
        {
            PredictIntra(macroblock, target);
        }

        if (!macroblock.Info.HasNoCoefficients)
        {
            AddResidual(macroblock, target);
            macroblock.ClearCoefficients();
        }
    }

    private static void PredictIntra(Macroblock macroblock, FrameBuffer target)
    {
        var (hasAbove, hasLeft) = (macroblock.Row > 0, macroblock.Column > 0);
        var (lumaStride, chromaStride) = (target.Y.Stride, target.U.Stride);
        var y = target.Y.At(macroblock.Column * 16, macroblock.Row * 16);
        var u = target.U.At(macroblock.Column * 8, macroblock.Row * 8);
        var v = target.V.At(macroblock.Column * 8, macroblock.Row * 8);
        IntraPrediction.Predict(u, chromaStride, u, chromaStride, 8, macroblock.Info.ChromaMode, hasAbove, hasLeft);
        IntraPrediction.Predict(v, chromaStride, v, chromaStride, 8, macroblock.Info.ChromaMode, hasAbove, hasLeft);
        if (macroblock.Info.Mode == MacroblockMode.Subblocks)
        {
            BuildSubblocks(macroblock, y, lumaStride, macroblock.Row > 0 && macroblock.Column == target.Columns - 1);
        }
        else
        {
            IntraPrediction.Predict(y, lumaStride, y, lumaStride, 16, macroblock.Info.Mode, hasAbove, hasLeft);
        }
    }

    // Each subblock is predicted from those before it as they are with their residual.
    private static void BuildSubblocks(Macroblock macroblock, byte* pixels, int stride, bool isLastColumn)
    {
        var aboveRight = stackalloc byte[4];
        var right = pixels - stride + 16;
        for (var i = 0; i < 4; i++)
        {
            // Beyond the right edge the last pixel above repeats; above the picture all is 127.
            aboveRight[i] = isLastColumn ? right[-1] : right[i];
        }

        var edgeMemory = stackalloc byte[16];
        var edge = edgeMemory + 4;
        for (var i = 0; i < 16; i++)
        {
            var (x, y) = ((i & 3) * 4, (i >> 2) * 4);
            var target = pixels + (y * stride) + x;
            SubblockPrediction.GatherEdge(target, stride, x == 12 ? aboveRight : target - stride + 4, edge);
            SubblockPrediction.Predict(edge, target, stride, (SubblockMode)macroblock.SubblockModes[i]);
            if (!macroblock.Info.HasNoCoefficients && macroblock.Ends[i] > 0)
            {
                InverseTransform.AddOne(macroblock.Coefficients + (i * 16), target, stride);
            }
        }
    }

    private static void AddResidual(Macroblock macroblock, FrameBuffer target)
    {
        var y = target.Y.At(macroblock.Column * 16, macroblock.Row * 16);
        var u = target.U.At(macroblock.Column * 8, macroblock.Row * 8);
        var v = target.V.At(macroblock.Column * 8, macroblock.Row * 8);
        var coefficients = macroblock.Coefficients;
        if (macroblock.HasY2 && macroblock.Ends[Macroblock.Y2Block] > 0)
        {
            InverseTransform.WalshHadamard(coefficients + (Macroblock.Y2Block * 16), coefficients);
        }

        for (var i = 0; i < 16 && macroblock.Info.Mode != MacroblockMode.Subblocks; i += 2)
        {
            AddPair(macroblock, i, y + ((i >> 2) * 4 * target.Y.Stride) + ((i & 3) * 4), target.Y.Stride);
        }

        for (var i = 0; i < 4; i += 2)
        {
            AddPair(macroblock, 16 + i, u + (i * 2 * target.U.Stride), target.U.Stride);
            AddPair(macroblock, 20 + i, v + (i * 2 * target.V.Stride), target.V.Stride);
        }
    }

    private static void AddPair(Macroblock macroblock, int block, byte* pixels, int stride)
    {
        var coefficients = macroblock.Coefficients + (block * 16);
        if (((macroblock.Ends[block] | macroblock.Ends[block + 1]) & ~1) != 0)
        {
            InverseTransform.AddPair(coefficients, pixels, stride);
        }
        else if ((coefficients[0] | coefficients[16]) != 0)
        {
            InverseTransform.AddDcPair(coefficients[0], coefficients[16], pixels, stride);
        }
    }
}

using System.Runtime.InteropServices;
using P2PCam.Codecs.Vp8.Common;

namespace P2PCam.Codecs.Vp8.Decoding;

/// <summary>Predicts macroblocks from earlier pictures (RFC 6386 section 18).</summary>
internal sealed unsafe class InterPredictor
{
    // What the six-tap filter reads around a block.
    private const int Before = 2;
    private const int Around = 5;
    private const int ScratchStride = 32;

    private readonly byte[] _scratchMemory = GC.AllocateArray<byte>(ScratchStride * (16 + Around), pinned: true);
    private readonly byte* _scratch;
    private bool _isBilinear;
    private int _chromaMask;

    public InterPredictor() => _scratch = (byte*)Marshal.UnsafeAddrOfPinnedArrayElement(_scratchMemory, 0);

    /// <summary>Profile 0 has six-tap filters, the others bilinear ones; profile 3 has whole chroma pixels (RFC 6386 section 9.1).</summary>
    public void BeginFrame(int profile)
    {
        _isBilinear = profile != 0;
        _chromaMask = profile == 3 ? ~7 : ~0;
    }

    public void Predict(Macroblock macroblock, FrameBuffer reference, FrameBuffer target)
    {
        var (x, y) = (macroblock.Column * 16, macroblock.Row * 16);
        if (macroblock.Info.Mode == MacroblockMode.SplitMv)
        {
            PredictSplitLuma(macroblock, reference.Y, target.Y, x, y);
            PredictSplitChroma(macroblock, reference, target, x / 2, y / 2);
            return;
        }

        // The same number counts quarters of a luma pixel and eighths of a chroma pixel.
        var (column, row) = (macroblock.Info.Vector.Column, macroblock.Info.Vector.Row);
        PredictBlock(reference.Y, target.Y, x, y, 16, column * 2, row * 2);
        PredictBlock(reference.U, target.U, x / 2, y / 2, 8, column & _chromaMask, row & _chromaMask);
        PredictBlock(reference.V, target.V, x / 2, y / 2, 8, column & _chromaMask, row & _chromaMask);
    }

    private void PredictSplitLuma(Macroblock macroblock, in Plane reference, in Plane target, int x, int y)
    {
        var (step, size) = macroblock.HasFineVectors ? (1, 4) : (2, 8);
        for (var row = 0; row < 4; row += step)
        {
            for (var column = 0; column < 4; column += step)
            {
                var vector = macroblock.Vectors[(row * 4) + column];
                PredictBlock(reference, target, x + (column * 4), y + (row * 4), size, vector.Column * 2, vector.Row * 2);
            }
        }
    }

    // Each 4x4 chroma block goes by the average of the four luma vectors over it.
    private void PredictSplitChroma(Macroblock macroblock, FrameBuffer reference, FrameBuffer target, int x, int y)
    {
        for (var row = 0; row < 2; row++)
        {
            for (var column = 0; column < 2; column++)
            {
                var vectors = macroblock.Vectors.AsSpan((row * 8) + (column * 2));
                var eighthX = Average(vectors[0].Column + vectors[1].Column + vectors[4].Column + vectors[5].Column) & _chromaMask;
                var eighthY = Average(vectors[0].Row + vectors[1].Row + vectors[4].Row + vectors[5].Row) & _chromaMask;
                PredictBlock(reference.U, target.U, x + (column * 4), y + (row * 4), 4, eighthX, eighthY);
                PredictBlock(reference.V, target.V, x + (column * 4), y + (row * 4), 4, eighthX, eighthY);
            }
        }
    }

    // Rounds half away from zero.
    private static int Average(int sum) => (sum + (sum < 0 ? -2 : 2)) / 4;

    private void PredictBlock(in Plane reference, in Plane target, int x, int y, int size, int eighthsX, int eighthsY)
    {
        var destination = target.At(x, y);
        var (fromX, fromY) = (x + (eighthsX >> 3), y + (eighthsY >> 3));
        var source = reference.At(fromX, fromY);
        var stride = reference.Stride;
        if (fromX - Before < -FrameBuffer.Border || fromX - Before + size + Around > reference.Width + FrameBuffer.Border
            || fromY - Before < -FrameBuffer.Border || fromY - Before + size + Around > reference.Height + FrameBuffer.Border)
        {
            CopyClamped(reference, fromX - Before, fromY - Before, size + Around);
            source = _scratch + (Before * ScratchStride) + Before;
            stride = ScratchStride;
        }

        if (_isBilinear)
        {
            BilinearFilter.Predict(source, stride, destination, target.Stride, size, size, eighthsX & 7, eighthsY & 7);
        }
        else
        {
            SubpelFilter.Predict(source, stride, destination, target.Stride, size, size, eighthsX & 7, eighthsY & 7);
        }
    }

    // The picture goes on outside as its outermost pixels, without an end.
    private void CopyClamped(in Plane reference, int x, int y, int size)
    {
        for (var row = 0; row < size; row++)
        {
            var source = reference.At(0, Math.Clamp(y + row, 0, reference.Height - 1));
            var target = _scratch + (row * ScratchStride);
            for (var column = 0; column < size; column++)
            {
                target[column] = source[Math.Clamp(x + column, 0, reference.Width - 1)];
            }
        }
    }
}

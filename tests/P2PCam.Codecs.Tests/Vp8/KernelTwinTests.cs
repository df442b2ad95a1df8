using P2PCam.Codecs.Vp8.Common;
using P2PCam.Codecs.Vp8.Encoding;

namespace P2PCam.Codecs.Tests.Vp8;

/// <summary>Each vector kernel gives the same bits as its scalar twin. With hardware intrinsics off the portable fallbacks are compared instead.</summary>
public unsafe class KernelTwinTests
{
    private const int Rounds = 300;

    private delegate void FilterMacroblock(FrameBuffer frame, int column, int row, in LoopFilterLimits limits, bool filterInside);

    [Fact]
    public void ForwardTransform_and_inverse()
    {
        var random = new Random(1);
        byte* source = stackalloc byte[64], predicted = stackalloc byte[64], other = stackalloc byte[64];
        short* scalar = stackalloc short[32], vector = stackalloc short[32];
        for (var round = 0; round < Rounds; round++)
        {
            Fill(random, source, 64, extreme: round % 3 == 0);
            Fill(random, predicted, 64, extreme: round % 3 == 0);
            ForwardTransform.Scalar(source, 16, predicted, 16, scalar);
            ForwardTransform.Scalar(source + 4, 16, predicted + 4, 16, scalar + 16);
            ForwardTransform.PairVector(source, 16, predicted, 16, vector);
            AssertSame(scalar, vector, 32);
            ForwardTransform.OneVector(source + 4, 16, predicted + 4, 16, vector);
            AssertSame(scalar + 16, vector, 16);

            new ReadOnlySpan<byte>(predicted, 64).CopyTo(new Span<byte>(other, 64));
            InverseTransform.AddScalar(scalar, predicted, 16);
            InverseTransform.AddScalar(scalar + 16, predicted + 4, 16);
            InverseTransform.AddPairVector(scalar, other, 16);
            AssertSame(predicted, other, 64);
            for (var i = 0; i < 64; i++)
            {
                Assert.True(i % 16 >= 8 || Math.Abs(predicted[i] - source[i]) <= 1, "Without a quantizer the transforms undo each other.");
            }
        }
    }

    [Fact]
    public void Transforms_of_four_blocks_at_once()
    {
        var random = new Random(9);
        byte* source = stackalloc byte[128], a = stackalloc byte[128], b = stackalloc byte[128];
        short* scalar = stackalloc short[64], quad = stackalloc short[64];
        for (var round = 0; round < Rounds; round++)
        {
            Fill(random, source, 128, extreme: round % 3 == 0);
            Fill(random, a, 128, extreme: round % 3 == 0);
            new ReadOnlySpan<byte>(a, 128).CopyTo(new Span<byte>(b, 128));
            for (var i = 0; i < 4; i++)
            {
                ForwardTransform.Scalar(source + (4 * i), 16, a + (4 * i), 16, scalar + (16 * i));
            }

            ForwardTransform.Quad(source, source + 8, 16, a, a + 8, 16, quad, quad + 32);
            AssertSame(scalar, quad, 64);
            for (var i = 0; i < 64 && round % 2 == 0; i++)
            {
                scalar[i] = (short)random.Next(-32768, 32768);
            }

            for (var i = 0; i < 4; i++)
            {
                InverseTransform.AddScalar(scalar + (16 * i), a + (4 * i), 16);
            }

            InverseTransform.AddQuad(scalar, scalar + 32, b, b + 8, 16);
            AssertSame(a, b, 64);
        }
    }

    [Fact]
    public void InverseTransform_of_any_coefficients_in_pairs_alone_and_of_DC()
    {
        var random = new Random(8);
        byte* a = stackalloc byte[64], b = stackalloc byte[64], c = stackalloc byte[64];
        short* coefficients = stackalloc short[32];
        for (var round = 0; round < Rounds; round++)
        {
            // Hostile streams make values that wrap.
            var span = round % 3 == 0 ? 32767 : 2000;
            for (var i = 0; i < 32; i++)
            {
                coefficients[i] = (short)random.Next(-span - 1, span + 1);
            }

            Fill(random, a, 64, extreme: round % 2 == 0);
            new ReadOnlySpan<byte>(a, 64).CopyTo(new Span<byte>(b, 64));
            new ReadOnlySpan<byte>(a, 64).CopyTo(new Span<byte>(c, 64));
            InverseTransform.AddScalar(coefficients, a, 16);
            InverseTransform.AddScalar(coefficients + 16, a + 4, 16);
            InverseTransform.AddPairVector(coefficients, b, 16);
            InverseTransform.AddOneVector(coefficients, c, 16);
            InverseTransform.AddOneVector(coefficients + 16, c + 4, 16);
            AssertSame(a, b, 64);
            AssertSame(a, c, 64);

            new Span<short>(coefficients + 1, 15).Clear();
            new Span<short>(coefficients + 17, 15).Clear();
            InverseTransform.AddPairVector(coefficients, a, 16);
            InverseTransform.AddDcPairVector(coefficients[0], coefficients[16], b, 16);
            InverseTransform.AddDcScalar(coefficients[0], c, 16);
            InverseTransform.AddDcScalar(coefficients[16], c + 4, 16);
            AssertSame(a, b, 64);
            AssertSame(a, c, 64);
        }
    }

    [Fact]
    public void WalshHadamard_forward_and_inverse_undo_each_other()
    {
        var random = new Random(2);
        short* coefficients = stackalloc short[256], y2 = stackalloc short[16], back = stackalloc short[256];
        for (var round = 0; round < Rounds; round++)
        {
            for (var i = 0; i < 256; i++)
            {
                coefficients[i] = (short)random.Next(-2040, 2041);
            }

            ForwardTransform.WalshHadamard(coefficients, y2);
            InverseTransform.WalshHadamard(y2, back);
            for (var i = 0; i < 256; i += 16)
            {
                Assert.InRange(back[i] - coefficients[i], -1, 1);
            }
        }
    }

    [Fact]
    public void Quantizer_levels_values_and_end()
    {
        var random = new Random(3);
        short* a = stackalloc short[16], b = stackalloc short[16], c = stackalloc short[16];
        short* levelsA = stackalloc short[16], levelsB = stackalloc short[16], levelsC = stackalloc short[16];
        for (var round = 0; round < Rounds; round++)
        {
            var quantizer = new Quantizer(random.Next(4, 158), random.Next(4, 285), random.Next(20, 65), random.Next(64, 128));
            var span = round % 2 == 0 ? 100 : 16000;
            for (var i = 0; i < 16; i++)
            {
                a[i] = b[i] = c[i] = (short)random.Next(-span, span + 1);
            }

            var end = quantizer.QuantizeScalar(a, levelsA);
            Assert.Equal(end, quantizer.QuantizeVector(b, levelsB));
            Assert.Equal(end, quantizer.Quantize(c, levelsC));
            AssertSame(a, b, 16);
            AssertSame(a, c, 16);
            AssertSame(levelsA, levelsB, 16);
            AssertSame(levelsA, levelsC, 16);
        }
    }

    [Fact]
    public void SubpelFilter_all_positions_and_sizes()
    {
        var random = new Random(4);
        byte* source = stackalloc byte[32 * 32], a = stackalloc byte[256], b = stackalloc byte[256];
        for (var eighths = 1; eighths < 64; eighths++)
        {
            foreach (var (width, height) in ((int, int)[])[(4, 4), (4, 8), (8, 4), (8, 8), (8, 16), (16, 8), (16, 16)])
            {
                Fill(random, source, 32 * 32, extreme: eighths % 2 == 0);
                SubpelFilter.PredictScalar(source + (4 * 32) + 4, 32, a, 16, width, height, eighths & 7, eighths >> 3);
                SubpelFilter.PredictVector(source + (4 * 32) + 4, 32, b, 16, width, height, eighths & 7, eighths >> 3);
                for (var y = 0; y < height; y++)
                {
                    AssertSame(a + (16 * y), b + (16 * y), width);
                }
            }
        }
    }

    [Fact]
    public void BilinearFilter_all_positions_and_sizes()
    {
        var random = new Random(9);
        byte* source = stackalloc byte[32 * 32], a = stackalloc byte[256], b = stackalloc byte[256];
        for (var eighths = 1; eighths < 64; eighths++)
        {
            foreach (var size in (int[])[4, 8, 16])
            {
                Fill(random, source, 32 * 32, extreme: eighths % 2 == 0);
                BilinearFilter.PredictScalar(source, 32, a, 16, size, size, eighths & 7, eighths >> 3);
                BilinearFilter.PredictVector(source, 32, b, 16, size, size, eighths & 7, eighths >> 3);
                for (var y = 0; y < size; y++)
                {
                    AssertSame(a + (16 * y), b + (16 * y), size);
                }
            }
        }
    }

    [Fact]
    public void TrueMotion_prediction()
    {
        var random = new Random(5);
        byte* picture = stackalloc byte[32 * 20], a = stackalloc byte[256], b = stackalloc byte[256];
        for (var round = 0; round < Rounds; round++)
        {
            Fill(random, picture, 32 * 20, extreme: round % 2 == 0);
            foreach (var size in (int[])[8, 16])
            {
                IntraPrediction.TrueMotionScalar(picture + 40, 32, a, size, size);
                IntraPrediction.TrueMotionVector(picture + 40, 32, b, size, size);
                AssertSame(a, b, size * size);
            }
        }
    }

    [Fact]
    public void All_subblock_predictions_at_once()
    {
        var random = new Random(10);
        byte* edge = stackalloc byte[16], a = stackalloc byte[160], b = stackalloc byte[160];
        for (var round = 0; round < Rounds; round++)
        {
            Fill(random, edge, 16, extreme: round % 2 == 0);
            SubblockCandidates.PredictScalar(edge + 4, a);
            SubblockCandidates.PredictVector(edge + 4, b);
            AssertSame(a, b, SubblockCandidates.Count * SubblockCandidates.Size);
        }
    }

    [Fact]
    public void Sums_of_differences()
    {
        var random = new Random(6);
        byte* a = stackalloc byte[512], b = stackalloc byte[512];
        byte* nothing = stackalloc byte[32];
        var sums = stackalloc int[4];
        for (var round = 0; round < Rounds; round++)
        {
            Fill(random, a, 512, extreme: round % 2 == 0);
            Fill(random, b, 512, extreme: round % 2 == 0);
            Assert.Equal(BlockMetrics.SadScalar(a, 32, b, 32, 16, 16), BlockMetrics.Sad16Vector(a, 32, b, 32, 16));
            Assert.Equal(BlockMetrics.SadScalar(a, 32, b, 16, 8, 8), BlockMetrics.Sad8(a, 32, b, 16));
            BlockMetrics.SadQuarters(a, 32, b, 16, new Span<int>(sums, 4));
            for (var i = 0; i < 4; i++)
            {
                var (x, y) = ((i & 1) * 8, (i >> 1) * 8);
                Assert.Equal(BlockMetrics.SadScalar(a + (y * 32) + x, 32, b + (y * 16) + x, 16, 8, 8), sums[i]);
            }

            Assert.Equal(BlockMetrics.SadScalar(a, 32, nothing, 32, 32, 1), BlockMetrics.Sum32(a));
            BlockMetrics.Sad4All(a, 32, b, 4, sums);
            for (var i = 0; i < 4; i++)
            {
                Assert.Equal(BlockMetrics.SadScalar(a, 32, b + (16 * i), 4, 4, 4), sums[i]);
            }

            BlockMetrics.Sad16Four(a, 16, b, b + 3, b + 100, b + 200, 16, sums);
            int[] offsets = [0, 3, 100, 200];
            for (var i = 0; i < 4; i++)
            {
                Assert.Equal(BlockMetrics.SadScalar(a, 16, b + offsets[i], 16, 16, 16), sums[i]);
            }

            Assert.Equal(BlockMetrics.SseScalar(a, 32, b, 32, 16, 16), BlockMetrics.SseVector(a, 32, b, 32, 16, 16));
            Assert.Equal(BlockMetrics.SseScalar(a, 32, b, 32, 8, 8), BlockMetrics.SseVector(a, 32, b, 32, 8, 8));
        }
    }

    [Fact]
    public void LoopFilter_all_levels_on_smooth_and_rough_pictures() => CompareFilters(LoopFilter.FilterVector);

    [Avx2Fact]
    public void LoopFilterWide_all_levels_on_smooth_and_rough_pictures() => CompareFilters(LoopFilter.FilterWide);

    private static void CompareFilters(FilterMacroblock vector)
    {
        var random = new Random(7);
        for (var level = 1; level < 64; level++)
        {
            var (a, b) = (new FrameBuffer(2, 2), new FrameBuffer(2, 2));
            foreach (var (planeA, planeB) in ((Plane, Plane)[])[(a.Y, b.Y), (a.U, b.U), (a.V, b.V)])
            {
                for (var i = 0; i < planeA.Width * planeA.Height; i++)
                {
                    // Steps of about the size that the filter takes for blocking, and now and then anything.
                    var value = level % 8 == 0 ? random.Next(256) : 100 + random.Next(-1, 2) + ((((i / 4) + (i / planeA.Width / 4)) & 1) * level / 4);
                    *planeA.At(i % planeA.Width, i / planeA.Width) = *planeB.At(i % planeA.Width, i / planeA.Width) = (byte)Math.Clamp(value, 0, 255);
                }
            }

            var before = Clips.Pixels(a, 32, 32);
            var limits = LoopFilterLimits.For(level, level % 8, level % 2 == 0);
            for (var i = 0; i < 4; i++)
            {
                LoopFilter.FilterScalar(a, i % 2, i / 2, limits, filterInside: i != 1);
                vector(b, i % 2, i / 2, limits, filterInside: i != 1);
            }

            Assert.Equal(Clips.Pixels(a, 32, 32), Clips.Pixels(b, 32, 32));
            Assert.True(level < 8 || level % 8 == 0 || !before.AsSpan().SequenceEqual(Clips.Pixels(a, 32, 32)), "The filter did something.");
        }
    }

    private static void Fill(Random random, byte* pixels, int count, bool extreme)
    {
        for (var i = 0; i < count; i++)
        {
            pixels[i] = extreme ? (byte)(random.Next(2) * 255) : (byte)random.Next(256);
        }
    }

    private static void AssertSame<T>(T* a, T* b, int count) where T : unmanaged =>
        Assert.Equal(new ReadOnlySpan<T>(a, count).ToArray(), new ReadOnlySpan<T>(b, count).ToArray());

    /// <summary>A test of what only processors with AVX2 run.</summary>
    [AttributeUsage(AttributeTargets.Method)]
    private sealed class Avx2FactAttribute : FactAttribute
    {
        public Avx2FactAttribute() => Skip = LoopFilterWide.IsSupported ? null : "AVX2 is missing or switched off.";
    }
}

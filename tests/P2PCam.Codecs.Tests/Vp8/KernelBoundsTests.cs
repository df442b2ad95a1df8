using P2PCam.Codecs.Vp8.Common;
using P2PCam.Codecs.Vp8.Decoding;

namespace P2PCam.Codecs.Tests.Vp8;

/// <summary>
/// The unsafe kernels of the decoder read no byte beyond what they say they need. Where one does, the process ends, and the test run says that it was aborted.
/// </summary>
public unsafe class KernelBoundsTests
{
    // What interpolation says it needs around a block, and behind its last byte.
    private const int Before = 2;
    private const int After = 3;
    private const int Behind = 7;

    [LinuxFact]
    public void Interpolation_AtTheEdgesOfMemory_ReadsNothingBeyond()
    {
        using var memory = new GuardedMemory(64 * 32);
        var (pixels, expected, actual) = (new Random(7), new byte[256], new byte[256]);
        pixels.NextBytes(new Span<byte>(memory.First, (int)(memory.End - memory.First)));
        var count = 0;
        foreach (var size in (int[])[4, 8, 16])
        {
            var stride = size + Before + After;
            var length = ((size + Before + After) * stride) + Behind;
            foreach (var first in (nint[])[(nint)memory.First, (nint)(memory.End - length)])
            {
                var source = (byte*)first + (Before * stride) + Before;
                for (var eighths = 0; eighths < 64; eighths++, count++)
                {
                    var (x, y) = (eighths % 8, eighths / 8);
                    fixed (byte* e = expected, a = actual)
                    {
                        SubpelFilter.PredictScalar(source, stride, e, 16, size, size, x, y);
                        SubpelFilter.Predict(source, stride, a, 16, size, size, x, y);
                        Assert.Equal(expected, actual);
                        BilinearFilter.PredictScalar(source, stride, e, 16, size, size, x, y);
                        BilinearFilter.Predict(source, stride, a, 16, size, size, x, y);
                        Assert.Equal(expected, actual);
                    }
                }
            }
        }

        Assert.Equal(3 * 2 * 64, count);
    }

    [LinuxFact]
    public void BoolDecoder_AtTheEndOfMemory_ReadsNothingBeyondItsPadding()
    {
        using var memory = new GuardedMemory(256);
        var roomy = stackalloc byte[1_000];
        for (var length = 0; length < 24; length++)
        {
            var data = memory.End - length - BoolDecoder.Padding;
            for (var i = 0; i < length; i++)
            {
                data[i] = (byte)(i * 37);
            }

            new Span<byte>(data + length, BoolDecoder.Padding).Clear();

            // The same data with zeros without end behind them.
            new Span<byte>(roomy, 1_000).Clear();
            new Span<byte>(data, length).CopyTo(new Span<byte>(roomy, length));
            var (decoder, endless) = (new BoolDecoder(data, length), new BoolDecoder(roomy, 900));
            for (var bits = 0; bits < 1_000; bits++)
            {
                Assert.Equal(endless.Read(1 + (bits % 255)), decoder.Read(1 + (bits % 255)));
            }

            Assert.True(decoder.IsExhausted);
        }
    }
}

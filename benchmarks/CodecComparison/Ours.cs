using System.Buffers;
using System.Diagnostics;
using P2PCam.Codecs.Vp8;
using VideoTool.Containers;

namespace CodecComparison;

/// <summary>P2PCam's codec, one thread, in this process: the CPU time of the process (all of its threads, so the compiler's and the collector's too) while it encodes or decodes.</summary>
internal static class Ours
{
    private const int DecodeRounds = 4;

    private static readonly TimeSpan WarmUpTime = TimeSpan.FromSeconds(12);

    /// <summary>Until the compiler has optimized what matters.</summary>
    public static void WarmUp(string clip, ComparisonOptions options)
    {
        var frames = Math.Min(options.Frames, 60);
        var output = Path.GetTempFileName();
        try
        {
            for (var clock = Stopwatch.StartNew(); clock.Elapsed < WarmUpTime;)
            {
                Encode(clip, output, options.Encoder(1500), frames);
                Decode(output, frames);
            }
        }
        finally
        {
            File.Delete(output);
        }
    }

    /// <summary>Encodes to <paramref name="output"/>; seconds of CPU time per frame. Reading and writing files do not count.</summary>
    public static double Encode(string clip, string output, Vp8EncoderOptions options, int frames)
    {
        using var input = new Y4mReader(new BufferedStream(File.OpenRead(clip), 1 << 20));
        using var writer = new IvfWriter(VideoFiles.Create(output), input.Width, input.Height, input.FrameRate);
        using var encoder = new Vp8Encoder(options);
        var (buffer, cpu) = (new ArrayBufferWriter<byte>(1 << 20), TimeSpan.Zero);
        for (var number = 0; number < frames && input.Read() is { } picture; number++)
        {
            using (picture)
            {
                buffer.ResetWrittenCount();
                var before = Environment.CpuUsage.TotalTime;
                var result = encoder.Encode(picture, forceKeyFrame: false, buffer);
                cpu += Environment.CpuUsage.TotalTime - before;
                writer.Write(buffer.WrittenSpan, number, result.IsKeyFrame);
            }
        }

        writer.Finish();
        return cpu.TotalSeconds / frames;
    }

    /// <summary>Seconds of CPU time per frame of decoding a file that holds <paramref name="frames"/>.</summary>
    public static double Decode(string file, int frames)
    {
        var compressed = new List<byte[]>();
        using (var reader = VideoFiles.OpenFrames(file))
        {
            while (reader.TryRead(out var frame))
            {
                compressed.Add(frame.Data.ToArray());
            }
        }

        using var decoder = new Vp8Decoder();
        var before = Environment.CpuUsage.TotalTime;
        for (var round = 0; round < DecodeRounds; round++)
        {
            foreach (var data in compressed)
            {
                if (decoder.Decode(data, default, out var picture) != Vp8DecodeResult.Ok)
                {
                    throw new InvalidOperationException($"{file} does not decode.");
                }

                picture?.Dispose();
            }
        }

        return (Environment.CpuUsage.TotalTime - before).TotalSeconds / (frames * DecodeRounds);
    }
}

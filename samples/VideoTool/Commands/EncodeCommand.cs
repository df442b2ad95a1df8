using System.Buffers;
using System.Globalization;
using P2PCam.Codecs.Vp8;
using VideoTool.Containers;
using VideoTool.Output;

namespace VideoTool.Commands;

/// <summary>Pictures to VP8.</summary>
internal sealed class EncodeCommand(EncodeOptions options) : ICommand
{
    private const string StatisticsHeader = "frame,time_ms,bytes,key,dropped,quantizer";

    public int Run(CancellationToken cancellationToken)
    {
        using var input = VideoFiles.OpenPictures(options.Input);
        var frameRate = options.FrameRate ?? input.FrameRate;
        using var output = VideoFiles.CreateFrames(options.Output, input.Width, input.Height, frameRate);
        using var statistics = options.Statistics is { } path ? new StreamWriter(VideoFiles.Create(path)) : null;
        using var encoder = new Vp8Encoder(options.For(input.Width, input.Height, frameRate));
        using var progress = new Progress("encoded", Least(input.Frames, options.Frames), frameRate, options.IsQuiet);
        statistics?.WriteLine(StatisticsHeader);
        var (totals, buffer) = (new EncodeTotals(), new ArrayBufferWriter<byte>(1 << 20));
        try
        {
            while (totals.Frames < (options.Frames ?? long.MaxValue) && !cancellationToken.IsCancellationRequested && input.Read() is { } picture)
            {
                buffer.ResetWrittenCount();
                Vp8EncodeResult result;
                using (picture)
                {
                    result = encoder.Encode(picture, forceKeyFrame: false, buffer);
                }

                if (!result.Dropped)
                {
                    output.Write(buffer.WrittenSpan, totals.Frames, result.IsKeyFrame);
                }

                statistics?.WriteLine(string.Create(
                    CultureInfo.InvariantCulture,
                    $"{totals.Frames},{frameRate.TimeOf(totals.Frames).TotalMilliseconds:0.###},{result.BytesWritten},{(result.IsKeyFrame ? 1 : 0)},{(result.Dropped ? 1 : 0)},{result.Quantizer}"));
                totals.Add(result);
                progress.Report(totals.Frames, totals.Bytes, $"q {result.Quantizer}");
            }
        }
        finally
        {
            // Also where the input is cut off: what came before is whole.
            output.Finish();
        }

        progress.End(input.Note);
        Console.WriteLine(totals.Describe(options.Output, frameRate, progress.Elapsed));
        return cancellationToken.IsCancellationRequested ? ExitCode.Interrupted : ExitCode.Done;
    }

    private static long? Least(long? a, long? b) => a is null ? b : b is null ? a : Math.Min(a.Value, b.Value);
}

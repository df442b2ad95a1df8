using System.Globalization;
using VideoTool.Containers;
using VideoTool.Output;

namespace VideoTool.Commands;

/// <summary>VP8 to pictures.</summary>
internal sealed class DecodeCommand(DecodeOptions options) : ICommand
{
    public int Run(CancellationToken cancellationToken)
    {
        using var input = VideoFiles.OpenPictures(options.Input);
        using var output = VideoFiles.CreatePictures(options.Output, input.Width, input.Height, input.FrameRate);
        using var progress = new Progress("decoded", options.Frames ?? input.Frames, input.FrameRate, options.IsQuiet);
        var count = 0L;
        while (count < (options.Frames ?? long.MaxValue) && !cancellationToken.IsCancellationRequested && input.Read() is { } picture)
        {
            using (picture)
            {
                output.Write(picture);
            }

            progress.Report(++count, bytes: null);
        }

        progress.End(input.Note);
        if (options.Output != VideoFiles.Pipe)
        {
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"{options.Output}: {count} pictures of {input.Width}x{input.Height} at {input.FrameRate} fps; {count / Math.Max(1e-3, progress.Elapsed.TotalSeconds):0} fps"));
        }

        return cancellationToken.IsCancellationRequested ? ExitCode.Interrupted : ExitCode.Done;
    }
}

using System.Globalization;
using P2PCam;
using VideoTool.Containers;
using VideoTool.Output;

namespace VideoTool.Commands;

/// <summary>Tells what is in a file.</summary>
internal sealed class InfoCommand(string path) : ICommand
{
    private const int LabelWidth = 12;
    private const int ChartWidth = 72;

    private sealed record Options
    {
        public bool IsQuiet { get; set; }
    }

    public static ICommand Parse(string path, string[] arguments)
    {
        new OptionTable<Options>().Switch("--quiet", o => o.IsQuiet = true).Parse(arguments, new Options());
        return new InfoCommand(path);
    }

    public int Run(CancellationToken cancellationToken)
    {
        if (VideoFiles.IsY4m(path))
        {
            using var pictures = VideoFiles.OpenPictures(path);
            SayFile();
            ShowPictures(pictures);
            return ExitCode.Done;
        }

        using var frames = VideoFiles.OpenFrames(path);
        SayFile();
        var survey = new FrameSurvey();
        VideoFileException? end = null;
        try
        {
            survey.Read(frames, cancellationToken);
        }
        catch (VideoFileException e)
        {
            // What came before is worth telling.
            end = e;
        }

        Show(frames.Format, survey);
        return end is not null ? throw end : cancellationToken.IsCancellationRequested ? ExitCode.Interrupted : ExitCode.Done;
    }

    private void SayFile() => Say("File", path == VideoFiles.Pipe ? "standard input" : string.Create(CultureInfo.InvariantCulture, $"{path}, {new FileInfo(path).Length / 1e3:N1} kB"));

    private static void ShowPictures(IPictureReader pictures)
    {
        Say("Container", "Y4M, 8-bit 4:2:0");
        Say("Size", string.Create(CultureInfo.InvariantCulture, $"{pictures.Width}x{pictures.Height}"));
        Say("Frame rate", $"{pictures.FrameRate} fps");
        if (pictures.Frames is { } frames)
        {
            Say("Frames", frames.ToString(CultureInfo.InvariantCulture));
            Say("Duration", Seconds(pictures.FrameRate.TimeOf(frames)));
            Say("Bit rate", string.Create(CultureInfo.InvariantCulture, $"{VideoFrame.GetByteCount(pictures.Width, pictures.Height, PixelFormat.I420) * 8 * pictures.FrameRate.Value / 1e6:0.0} Mbit/s"));
        }
    }

    private static void Show(VideoFormat format, FrameSurvey survey)
    {
        var rate = format.FrameRate ?? new Rational(30, 1);
        var duration = survey.LastTime - survey.FirstTime + rate.TimeOf(survey.Count == 0 ? 0 : 1);
        var seconds = Math.Max(1e-3, duration.TotalSeconds);
        Say("Container", format.Container);
        Say("Codec", format.IsVp8 ? "VP8" : format.Codec);
        Say("Size", string.Create(CultureInfo.InvariantCulture, $"{format.Width}x{format.Height}{survey.DescribeSizes(format)}"));
        Say("Frame rate", $"{rate} fps");
        Say("Frames", string.Create(CultureInfo.InvariantCulture, $"{survey.Count}, {survey.KeyFrames} key, {survey.Hidden} not shown, {survey.LeftOut(rate)} left out"));
        Say("Duration", Seconds(duration));
        Say("Bit rate", string.Create(CultureInfo.InvariantCulture, $"{survey.Bytes * 8 / seconds / 1e3:0} kbit/s{survey.DescribeSeconds()}"));
        if (survey.Count == 0)
        {
            return;
        }

        Say("Frame size", survey.DescribeBytes());
        if (format.IsVp8)
        {
            Say("Key frames", survey.DescribeKeyFrames());
            Say("Quantizer", survey.DescribeQuantizers());
        }

        if (survey.Undecodable > 0)
        {
            Say("Damage", string.Create(CultureInfo.InvariantCulture, $"{survey.Undecodable} frames do not decode, the first is frame {survey.FirstUndecodable}"));
        }

        Console.WriteLine();
        foreach (var line in FrameChart.Draw(survey.Sizes, survey.KeyFrameNumbers, ChartWidth))
        {
            Console.WriteLine(line);
        }
    }

    private static void Say(string label, string text) => Console.WriteLine($"{Paint.Soft(label.PadRight(LabelWidth))}{text}");

    private static string Seconds(TimeSpan time) => string.Create(CultureInfo.InvariantCulture, $"{time.TotalSeconds:0.00} s");
}

using System.Globalization;
using P2PCam;
using VideoTool.Containers;
using VideoTool.Output;

namespace VideoTool.Commands;

/// <summary>Compares two files picture by picture.</summary>
internal abstract class MeasureCommand(MeasureOptions options) : ICommand
{
    /// <summary>Figures of one picture, or of all: Y, U, V, overall.</summary>
    protected readonly record struct Figures(double Y, double U, double V, double Overall);

    private Figures _lowest = new(double.MaxValue, double.MaxValue, double.MaxValue, double.MaxValue);
    private long _lowestAt;

    protected abstract string Title { get; }

    protected abstract string Format { get; }

    public int Run(CancellationToken cancellationToken)
    {
        using var first = VideoFiles.OpenPictures(options.First);
        using var second = VideoFiles.OpenPictures(options.Second);
        if ((first.Width, first.Height) != (second.Width, second.Height))
        {
            throw new UsageException($"{options.First} is {first.Width}x{first.Height} and {options.Second} {second.Width}x{second.Height}; pictures of one size are compared.");
        }

        using var csv = options.Csv is { } path ? new StreamWriter(VideoFiles.Create(path)) : null;
        using var progress = new Progress("compared", first.Frames ?? second.Frames, first.FrameRate, options.IsQuiet);
        csv?.WriteLine("frame,y,u,v,overall");
        var count = 0L;
        var (longer, isEnd) = ("", false);
        while (!isEnd && !cancellationToken.IsCancellationRequested)
        {
            using var a = first.Read();
            using var b = second.Read();
            isEnd = a is null || b is null;
            longer = a is not null && b is null ? options.First : a is null && b is not null ? options.Second : "";
            if (a is not null && b is not null)
            {
                Take(Compare(a, b), count, csv);
                progress.Report(++count, bytes: null);
            }
        }

        progress.End(first.Note, second.Note);
        if (count == 0)
        {
            throw new VideoFileException("There is no picture to compare.");
        }

        Show(first, count, longer);
        return cancellationToken.IsCancellationRequested ? ExitCode.Interrupted : ExitCode.Done;
    }

    /// <summary>Compares two pictures and adds the result to what <see cref="All"/> gives.</summary>
    protected abstract Figures Compare(VideoFrame a, VideoFrame b);

    protected abstract Figures All();

    private void Take(in Figures figures, long number, StreamWriter? csv)
    {
        if (figures.Overall < _lowest.Overall)
        {
            (_lowest, _lowestAt) = (figures, number);
        }

        csv?.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{number},{figures.Y:0.#####},{figures.U:0.#####},{figures.V:0.#####},{figures.Overall:0.#####}"));
    }

    private void Show(IPictureReader first, long count, string longer)
    {
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{Title} of {options.Second} against {options.First}: {count} pictures of {first.Width}x{first.Height}"));
        Console.WriteLine($"{"",-8}{"Y",9}{"U",9}{"V",9}{"overall",10}");
        Row("all", All(), "");
        Row("lowest", _lowest, string.Create(CultureInfo.InvariantCulture, $"   picture {_lowestAt}"));
        if (longer.Length > 0)
        {
            Console.WriteLine($"{longer} goes on longer; its rest was not compared.");
        }
    }

    private void Row(string label, in Figures figures, string after)
    {
        string Number(double value) => value.ToString(Format, CultureInfo.InvariantCulture);
        Console.WriteLine($"{label,-8}{Number(figures.Y),9}{Number(figures.U),9}{Number(figures.V),9}{Number(figures.Overall),10}{after}");
    }
}

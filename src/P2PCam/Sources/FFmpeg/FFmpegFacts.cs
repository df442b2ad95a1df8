using System.Globalization;
using System.Text.RegularExpressions;

namespace P2PCam.Sources.FFmpeg;

/// <summary>
/// What FFmpeg says of the input it has opened, in lines such as
/// <c>Stream #0:0: Video: h264 (High), yuv420p(top first), 720x576 [SAR 64:45 DAR 16:9], 25 fps, 25 tbr</c>. Of several pictures the first counts. Safe from
/// several threads.
/// </summary>
internal sealed partial class FFmpegFacts
{
    private const double Square = 0.01;
    private readonly TaskCompletionSource _known = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private volatile State _state = new(Part.Before);

    private enum Part
    {
        Before,
        Input,
        Video,
        AfterVideo,
        Done,
    }

    /// <summary>Done when all is known.</summary>
    public Task Known => _known.Task;

    /// <summary>FFmpeg's name for how the input is packed, such as <c>h264</c> or <c>png_pipe</c>; null if it said none.</summary>
    public string? Format => _state.Format;

    /// <summary>Whether the picture consists of two fields taken one after the other.</summary>
    public bool IsInterlaced => _state.IsInterlaced;

    /// <summary>Frames per second; 0 when not said.</summary>
    public double FrameRate => _state.FrameRate;

    /// <summary>How wide a pixel is in relation to its height, such as 64:45; null for square ones.</summary>
    public string? PixelShape => _state.PixelShape;

    /// <summary>By how many degrees the picture is to be turned before it is shown, 0 to 359.</summary>
    public int Rotation => _state.Rotation;

    /// <summary>Takes the next line.</summary>
    public void Add(string line)
    {
        var state = _state;
        if (state.Part == Part.Done)
        {
            return;
        }

        var next = Read(line, state);
        _state = next;
        if (next.Part == Part.Done)
        {
            _known.TrySetResult();
        }
    }

    private static State Read(string line, State state)
    {
        if (Begin().Match(line) is { Success: true } begin)
        {
            return state with { Part = Part.Input, Format = begin.Groups[1].Value };
        }

        if (line.StartsWith("Output #", StringComparison.Ordinal) || line.StartsWith("Stream mapping", StringComparison.Ordinal))
        {
            return state with { Part = Part.Done };
        }

        if (line.Contains("Stream #", StringComparison.Ordinal))
        {
            return state.Part switch
            {
                Part.Input when line.Contains(": Video: ", StringComparison.Ordinal) => ReadVideo(line, state),
                Part.Video => state with { Part = Part.AfterVideo },
                _ => state,
            };
        }

        return state.Part == Part.Video && Turn().Match(line) is { Success: true } turn
            && double.TryParse(turn.Groups[1].ValueSpan, NumberStyles.Float, CultureInfo.InvariantCulture, out var degrees) && Math.Abs(degrees) <= 360
            ? state with { Rotation = ((int)Math.Round(degrees) + 360) % 360 }
            : state;
    }

    private static State ReadVideo(string line, State state) => state with
    {
        Part = Part.Video,
        IsInterlaced = FieldOrder().IsMatch(line),
        FrameRate = Rate().Match(line) is { Success: true } rate && double.TryParse(rate.Groups[1].ValueSpan, NumberStyles.Float, CultureInfo.InvariantCulture, out var value)
            ? value * (rate.Groups[2].Length > 0 ? 1000 : 1)
            : 0,
        PixelShape = ReadShape(line),
    };

    // What the container says stands behind what the pictures say, and goes before it.
    private static string? ReadShape(string line) =>
        Shape().Matches(line) is [.., var last]
        && double.TryParse(last.Groups[1].ValueSpan, NumberStyles.None, CultureInfo.InvariantCulture, out var width)
        && double.TryParse(last.Groups[2].ValueSpan, NumberStyles.None, CultureInfo.InvariantCulture, out var height)
        && width > 0 && height > 0 && Math.Abs((width / height) - 1) > Square
            ? $"{last.Groups[1].Value}:{last.Groups[2].Value}"
            : null;

    [GeneratedRegex("^Input #0, (.+), from ")]
    private static partial Regex Begin();

    [GeneratedRegex(@"\bSAR (\d{1,9}):(\d{1,9}) DAR ")]
    private static partial Regex Shape();

    [GeneratedRegex(@"[(, ](?:top|bottom) (?:first|coded first)\b")]
    private static partial Regex FieldOrder();

    [GeneratedRegex(@", (\d{1,6}(?:\.\d{1,6})?)(k?) fps\b")]
    private static partial Regex Rate();

    [GeneratedRegex(@"(?:displaymatrix: rotation of |^\s*rotate\s*: )(-?\d{1,3}(?:\.\d+)?)")]
    private static partial Regex Turn();

    private sealed record State(Part Part)
    {
        public string? Format { get; init; }

        public bool IsInterlaced { get; init; }

        public double FrameRate { get; init; }

        public string? PixelShape { get; init; }

        public int Rotation { get; init; }
    }
}

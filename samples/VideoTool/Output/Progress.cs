using System.Diagnostics;
using System.Globalization;
using VideoTool.Containers;

namespace VideoTool.Output;

/// <summary>How far it is, on standard error: in a terminal one line that is redrawn, elsewhere a line each five seconds.</summary>
internal sealed class Progress : IDisposable
{
    private static readonly bool IsLive = !Console.IsErrorRedirected && Environment.GetEnvironmentVariable("TERM") is { Length: > 0 } and not "dumb";
    private static readonly TimeSpan Interval = IsLive ? TimeSpan.FromMilliseconds(200) : TimeSpan.FromSeconds(5);

    private readonly Stopwatch _clock = Stopwatch.StartNew();
    private readonly string _verb;
    private readonly long? _total;
    private readonly Rational _frameRate;
    private readonly bool _isQuiet;
    private TimeSpan _next = Interval;
    private bool _isDrawn;

    /// <param name="verb">What is done to frames, such as "encoded".</param>
    /// <param name="total">How many there will be; null where that is not known.</param>
    /// <param name="frameRate">Of the video, for its bit rate.</param>
    /// <param name="isQuiet">Nothing is written.</param>
    public Progress(string verb, long? total, Rational frameRate, bool isQuiet) => (_verb, _total, _frameRate, _isQuiet) = (verb, total, frameRate, isQuiet);

    public TimeSpan Elapsed => _clock.Elapsed;

    /// <param name="frames">Done so far.</param>
    /// <param name="bytes">That they take; null where that is no matter.</param>
    /// <param name="more">What else is to be said.</param>
    public void Report(long frames, long? bytes, string more = "")
    {
        if (_isQuiet || _clock.Elapsed < _next)
        {
            return;
        }

        _next = _clock.Elapsed + Interval;
        var line = Line(frames, bytes, more, _clock.Elapsed);
        Console.Error.Write(IsLive ? $"\r{line}\e[K" : $"{line}\n");
        _isDrawn = IsLive;
    }

    /// <summary>One line for these figures.</summary>
    public string Line(long frames, long? bytes, string more, TimeSpan elapsed)
    {
        var speed = frames / Math.Max(1e-3, elapsed.TotalSeconds);
        var of = _total is { } total ? string.Create(CultureInfo.InvariantCulture, $" of {total}") : "";
        var rate = bytes is { } known && frames > 0 ? string.Create(CultureInfo.InvariantCulture, $"  {known * 8 / (frames / _frameRate.Value) / 1e3:0} kbit/s") : "";
        var left = _total > frames && speed > 0 ? string.Create(CultureInfo.InvariantCulture, $"  {TimeSpan.FromSeconds((_total.Value - frames) / speed):h\\:mm\\:ss} left") : "";
        return string.Create(CultureInfo.InvariantCulture, $"{frames}{of} {_verb}  {speed:0.0} fps{rate}{(more.Length > 0 ? "  " : "")}{more}{left}");
    }

    /// <summary>Takes the line away, for what is said at the end; the notes, those that are not null, stay on standard error.</summary>
    public void End(params ReadOnlySpan<string?> notes)
    {
        if (_isDrawn)
        {
            Console.Error.Write("\r\e[K");
            _isDrawn = false;
        }

        foreach (var note in notes)
        {
            if (note is not null && !_isQuiet)
            {
                Console.Error.WriteLine(note);
            }
        }
    }

    public void Dispose() => End();
}

using System.Globalization;

namespace P2PCam;

/// <summary>Puts what others say (exceptions, drivers, servers, FFmpeg) into sentences of ours, so that nothing ends twice or not at all.</summary>
internal static class Words
{
    private static readonly char[] Ends = ['.', '!', '?', '…', ':', ',', ';', ' ', '\r', '\n', '\t'];

    /// <summary>One line that ends with a full stop, or with the mark that it brought.</summary>
    public static string Sentence(string? text)
    {
        var line = OneLine(text);
        return line.Length == 0 ? "" : line[^1] is '!' or '?' or '…' ? line : $"{line.TrimEnd(Ends)}.";
    }

    /// <summary>One line without its end, to go on from.</summary>
    public static string Clause(string? text) => OneLine(text).TrimEnd(Ends);

    /// <summary>For the end of a message that may have something to add: a blank and a sentence, or nothing.</summary>
    public static string Addition(string? text) => Sentence(text) is { Length: > 0 } sentence ? " " + sentence : "";

    /// <summary>A time as people say it: <c>0.5 s</c>, <c>90 s</c>, <c>5 min</c>, <c>1.5 h</c>.</summary>
    public static string Duration(TimeSpan time) => Math.Abs(time.TotalSeconds) switch
    {
        < 0.001 => "0 s",
        < 0.1 => string.Create(CultureInfo.InvariantCulture, $"{time.TotalMilliseconds:0.#} ms"),
        < 120 => string.Create(CultureInfo.InvariantCulture, $"{time.TotalSeconds:0.##} s"),
        < 7200 => string.Create(CultureInfo.InvariantCulture, $"{time.TotalMinutes:0.#} min"),
        < 172_800 => string.Create(CultureInfo.InvariantCulture, $"{time.TotalHours:0.#} h"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{time.TotalDays:0.#} d"),
    };

    private static string OneLine(string? text) =>
        text is null ? "" : string.Join(' ', text.Split(['\r', '\n'], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries));
}

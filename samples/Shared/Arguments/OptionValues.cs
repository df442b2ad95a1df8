using System.Globalization;
using P2PCam;

namespace Samples;

/// <summary>Reads the values of options. What is out of range is a <see cref="UsageException"/> that says what would be right.</summary>
internal static class OptionValues
{
    public static int Whole(string name, string text, int least, int most) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var value) && value >= least && value <= most
            ? value
            : throw new UsageException($"{name} takes a whole number from {least} to {most}, not '{text}'.");

    public static double Number(string name, string text, double least, double most) =>
        double.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var value) && value >= least && value <= most
            ? value
            : throw new UsageException(string.Create(CultureInfo.InvariantCulture, $"{name} takes a number from {least} to {most}, not '{text}'."));

    public static (int Width, int Height) Size(string text)
    {
        var parts = text.Split('x', 'X', '×');
        return parts.Length == 2
            && int.TryParse(parts[0], NumberStyles.None, CultureInfo.InvariantCulture, out var width)
            && int.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out var height)
            && width is >= VideoLimits.SmallestSide and <= VideoLimits.LargestSide && height is >= VideoLimits.SmallestSide and <= VideoLimits.LargestSide
            ? (width, height)
            : throw new UsageException($"--size takes WIDTHxHEIGHT from {VideoLimits.SmallestSide} to {VideoLimits.LargestSide}, such as 1280x720, not '{text}'.");
    }

    public static int Bitrate(string text)
    {
        var factor = text[^1] switch
        {
            'k' or 'K' => 1_000.0,
            'm' or 'M' => 1_000_000.0,
            _ => 1.0,
        };
        var digits = factor > 1 ? text[..^1] : text;
        return double.TryParse(digits, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var value) && value * factor is >= 50_000 and <= 50_000_000
            ? (int)(value * factor)
            : throw new UsageException($"--bitrate takes bits per second from 50k to 50M, such as 2M or 800k, not '{text}'.");
    }

    public static string StreamName(string text) =>
        text.Length <= 64 && text.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.')
            ? text
            : throw new UsageException($"--stream takes 1 to 64 letters, digits, '-', '_' or '.', not '{text}'.");
}

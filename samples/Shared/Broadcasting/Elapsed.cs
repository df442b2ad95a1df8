namespace Samples;

/// <summary>How long something took, in words for a console; what has not passed yet is not counted.</summary>
internal static class Elapsed
{
    public static string Text(TimeSpan time) => time.TotalHours >= 1 ? $"{(int)time.TotalHours} h {time.Minutes} min"
        : time.TotalMinutes >= 1 ? $"{time.Minutes} min {time.Seconds} s"
        : $"{time.Seconds} s";
}

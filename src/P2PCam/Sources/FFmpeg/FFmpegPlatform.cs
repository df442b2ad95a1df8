namespace P2PCam.Sources.FFmpeg;

/// <summary>Which of FFmpeg's camera inputs there is.</summary>
internal enum FFmpegPlatform
{
    /// <summary>Video4Linux.</summary>
    Linux,

    /// <summary>DirectShow.</summary>
    Windows,

    /// <summary>AVFoundation.</summary>
    MacOS,
}

internal static class FFmpegPlatforms
{
    public static FFmpegPlatform Current =>
        OperatingSystem.IsWindows() ? FFmpegPlatform.Windows : OperatingSystem.IsMacOS() ? FFmpegPlatform.MacOS : FFmpegPlatform.Linux;
}

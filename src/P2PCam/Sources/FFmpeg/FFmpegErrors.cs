using System.ComponentModel;
using System.Globalization;
using System.Text.RegularExpressions;

namespace P2PCam.Sources.FFmpeg;

/// <summary>What went wrong with FFmpeg, by code, in words that say what to do. Told apart by what FFmpeg itself says.</summary>
internal static partial class FFmpegErrors
{
    /// <summary>The code of everything that is not told apart further.</summary>
    public const string Failed = "P2P1002";

    public static VideoSourceException CannotStart(string executable, Win32Exception error) => new(
        "P2P1001",
        $"FFmpeg ('{executable}') could not be started: {error.Message}. Cameras, files and RTSP are read through it. Install it (Debian, "
        + "Ubuntu: sudo apt install ffmpeg; Windows: winget install ffmpeg, then a new terminal; macOS: brew install ffmpeg), or set "
        + "ExecutablePath.",
        error);

    public static VideoSourceException Explain(FFmpegInput input, FFmpegEnd end, FFmpegSourceOptions options)
    {
        var words = end.Words.Length > 0 ? $"FFmpeg says: {end.Words}" : "FFmpeg said nothing";
        if (end.WasSilent)
        {
            var seconds = options.DataTimeout.TotalSeconds.ToString("0.#", CultureInfo.InvariantCulture);
            return new("P2P1003", $"{input.Name} has yielded nothing for {seconds} s, so it was given up. {words}");
        }

        if (Busy().IsMatch(end.Words))
        {
            return new("P2P1005", $"{input.Name} is in use by another program. Close that program, or choose another camera. {words}");
        }

        if (Denied().IsMatch(end.Words))
        {
            return new("P2P1006", $"{input.Name} may not be opened by this user. {DeniedAdvice(input.Kind)} {words}");
        }

        if (NotFound().IsMatch(end.Words))
        {
            return new("P2P1004", $"{input.Name} was not found. {NotFoundAdvice(input.Kind)} {words}");
        }

        return new(Failed, $"FFmpeg could not go on reading {input.Name} (exit code {end.ExitCode}). {words}");
    }

    private static string NotFoundAdvice(FFmpegInputKind kind) => kind switch
    {
        FFmpegInputKind.Camera => "Check that the camera is plugged in; Camera.ListAsync() lists the devices.",
        FFmpegInputKind.Rtsp => "Check the path in the camera's address.",
        _ => "Check the path.",
    };

    private static string DeniedAdvice(FFmpegInputKind kind) => kind switch
    {
        FFmpegInputKind.Camera => "Linux: add the user to the group 'video'; Windows and macOS: allow cameras in the privacy settings.",
        _ => "Check its permissions.",
    };

    [GeneratedRegex("Device or resource busy|already in use|used by another|being used by", RegexOptions.IgnoreCase)]
    private static partial Regex Busy();

    [GeneratedRegex("Permission denied|Operation not permitted|not authorized|Access is denied", RegexOptions.IgnoreCase)]
    private static partial Regex Denied();

    [GeneratedRegex(
        "No such file or directory|No such device|404 Not Found|"
        + "Could not find video device|Video device not found|Could not enumerate video devices",
        RegexOptions.IgnoreCase)]
    private static partial Regex NotFound();
}

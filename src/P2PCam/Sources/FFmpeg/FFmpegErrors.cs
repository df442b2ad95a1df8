using System.ComponentModel;
using System.Globalization;
using System.Text.RegularExpressions;

namespace P2PCam.Sources.FFmpeg;

/// <summary>What went wrong with FFmpeg, by code, in words that say what to do. Told apart by what FFmpeg itself says.</summary>
internal static partial class FFmpegErrors
{
    // ENOENT and ERROR_FILE_NOT_FOUND are the same number.
    private const int NotFoundBySystem = 2;

    /// <summary>The code of everything that is not told apart further.</summary>
    public const string Failed = "P2P1002";

    public static VideoSourceException CannotStart(string executable, Win32Exception error) => new(
        "P2P1001",
        $"FFmpeg ('{executable}') could not be started: {(error.NativeErrorCode == NotFoundBySystem ? "there is no such program" : error.Message.TrimEnd('.'))}. Cameras, files and "
        + "network cameras are read through it. Install it (Debian, "
        + "Ubuntu: sudo apt install ffmpeg; Windows: winget install ffmpeg, then a new terminal; macOS: brew install ffmpeg), or set "
        + "ExecutablePath.",
        error);

    public static VideoSourceException Explain(FFmpegInput input, FFmpegEnd end, TimeSpan dataTimeout)
    {
        var words = end.Words.Length > 0 ? $"FFmpeg says: {end.Words}" : "FFmpeg said nothing";
        if (end.WasSilent)
        {
            var seconds = dataTimeout.TotalSeconds.ToString("0.#", CultureInfo.InvariantCulture);
            return new("P2P1003", $"{input.Name} has yielded nothing for {seconds} s, so it was given up. {words}");
        }

        if (NoPicture().IsMatch(end.Words))
        {
            return new("P2P1032", $"{input.Name} holds no picture, only sound or data. Choose another file or stream. {words}");
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

        if (Unreachable().IsMatch(end.Words))
        {
            return new("P2P1012", $"{input.Name} could not be reached. Check its address, that it is switched on, and the network. {words}");
        }

        return new(Failed, $"FFmpeg could not go on reading {input.Name} (exit code {end.ExitCode}). {words}");
    }

    public static VideoSourceException NoSuchFile(FFmpegInput input) => new("P2P1004", $"{input.Name} was not found. {NotFoundAdvice(input.Kind)}");

    public static VideoSourceException OtherCodec(FFmpegInput input, string codec) => new(
        "P2P1007",
        $"{input.Name} is compressed by {codec}; only H.264 and VP8 can be passed on as they are. Set the camera to H.264, or have it encoded anew: "
        + $"{Decoded(input)} instead of pass-through.");

    public static VideoSourceException Unplayable(FFmpegInput input, string obstacle) => new(
        "P2P1008",
        $"The H.264 of {input.Name} {obstacle}. Set the camera or encoder to Baseline, Main or High without B-frames (FFmpeg: -bf 0), or have it "
        + $"encoded anew: {Decoded(input)} instead of pass-through.");

    /// <summary>Why viewers would see the input distorted if it were passed on; null if they would not.</summary>
    public static VideoSourceException? Distortion(FFmpegInput input, FFmpegFacts facts)
    {
        var what = facts switch
        {
            { Rotation: > 0 } => string.Create(CultureInfo.InvariantCulture, $"is to be turned by {facts.Rotation} degrees before it is shown"),
            { PixelShape: { } shape } => $"has pixels that are not square ({shape})",
            _ => null,
        };
        return what is null ? null : new(
            "P2P1031",
            $"The picture of {input.Name} {what}, and video that is passed on cannot tell viewers: they would see it distorted. Set the camera to another picture size, "
            + $"have it encoded anew ({Decoded(input)} instead of pass-through), or set AcceptDistortion.");
    }

    public static VideoSourceException Malformed(FFmpegInput input, string problem) => new(
        "P2P1009", $"What FFmpeg passed on of {input.Name} cannot be read: {problem}. The stream is damaged, or FFmpeg is of a version not met before.");

    public static VideoSourceException Ended(FFmpegInput input) => new(
        "P2P1011", $"{input.Name} ended its stream. It is opened again; if it ends each time, see what its own log says.");

    public static VideoSourceException LacksKeyFrame(FFmpegInput input, TimeSpan limit) => new(
        "P2P1013",
        $"{input.Name} has sent no key frame (IDR) within {limit.TotalSeconds.ToString("0.#", CultureInfo.InvariantCulture)} s, and viewers can begin "
        + "with nothing else. Set its key frame interval (\"I frame interval\", \"GOP\") to 1 or 2 s, or raise DataTimeout.");

    public static VideoSourceException EncoderFailed(string encoder, string problem, string words) => new(
        "P2P1014",
        $"FFmpeg's encoder {encoder} {problem}. It is started anew; if it never works, choose others by Encoders. "
        + (words.Length > 0 ? $"FFmpeg says: {words}" : "FFmpeg said nothing"));

    public static VideoSourceException NoEncoder(IEnumerable<string> tried) => new(
        "P2P1015",
        $"None of FFmpeg's H.264 encoders works here (tried: {string.Join(", ", tried)}), and VP8 in its place is not allowed. Install an FFmpeg with libx264, "
        + "or set FallBackToVp8.");

    // What takes the same input and decodes it.
    private static string Decoded(FFmpegInput input) => input.Kind switch
    {
        FFmpegInputKind.Rtsp => "UseRtsp or FFmpegSource.FromRtsp",
        FFmpegInputKind.File => "UseFile or FFmpegSource.FromFile",
        FFmpegInputKind.Camera => "UseCamera or FFmpegSource.FromCamera",
        _ => "UseFFmpegInput or FFmpegSource.FromInput",
    };

    private static string NotFoundAdvice(FFmpegInputKind kind) => kind switch
    {
        FFmpegInputKind.Camera => "Check that the camera is plugged in; Camera.ListAsync() lists the devices.",
        FFmpegInputKind.Rtsp => "Check the path in the camera's address.",
        FFmpegInputKind.Stream => "Check the path in its address.",
        _ => "Check the path.",
    };

    private static string DeniedAdvice(FFmpegInputKind kind) => kind switch
    {
        FFmpegInputKind.Camera => "Linux: add the user to the group 'video'; Windows and macOS: allow cameras in the privacy settings.",
        FFmpegInputKind.File => "Check its permissions.",
        FFmpegInputKind.Rtsp => "Check the user name and the password in its address (rtsp://user:password@...).",
        _ => "Check the user name and the password in its address, if it has one.",
    };

    [GeneratedRegex("does not contain any stream|matches no streams", RegexOptions.IgnoreCase)]
    private static partial Regex NoPicture();

    [GeneratedRegex("Device or resource busy|already in use|used by another|being used by", RegexOptions.IgnoreCase)]
    private static partial Regex Busy();

    [GeneratedRegex("Permission denied|Operation not permitted|not authorized|Access is denied|401 Unauthorized|403 Forbidden", RegexOptions.IgnoreCase)]
    private static partial Regex Denied();

    [GeneratedRegex(
        "Connection refused|timed out|No route to host|Network is unreachable|Host is down|Failed to resolve hostname|Connection reset",
        RegexOptions.IgnoreCase)]
    private static partial Regex Unreachable();

    [GeneratedRegex(
        "No such file or directory|No such device|404 Not Found|"
        + "Could not find video device|Video device not found|Could not enumerate video devices",
        RegexOptions.IgnoreCase)]
    private static partial Regex NotFound();
}

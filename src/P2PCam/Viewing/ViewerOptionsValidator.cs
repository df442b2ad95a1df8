using System.Globalization;
using Microsoft.Extensions.Options;

namespace P2PCam.Viewing;

/// <summary>Checks the ranges that the options document; each message names the option, the value and the range.</summary>
internal sealed class ViewerOptionsValidator : IValidateOptions<ViewerOptions>
{
    public ValidateOptionsResult Validate(string? name, ViewerOptions options)
    {
        var errors = Errors(options).ToList();
        return errors.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(errors);
    }

    public static string? FirstError(ViewerOptions options) => Errors(options).FirstOrDefault();

    private static IEnumerable<string> Errors(ViewerOptions o)
    {
        string?[] errors =
        [
            SignalingLimits.IsStreamName(o.Stream) ? null : $"{nameof(o.Stream)} is '{o.Stream}'; it takes 1 to 64 letters, digits, '-', '_' or '.'.",
            o.OutputFormat is PixelFormat.I420 or PixelFormat.Bgra32 or PixelFormat.Rgb24 ? null : $"{nameof(o.OutputFormat)} is {o.OutputFormat}; it takes I420, Bgra32 or Rgb24.",
            Enum.IsDefined(o.Delivery) ? null : $"{nameof(o.Delivery)} is {o.Delivery}; it takes LatestWins or EveryFrame.",
            o.Codecs.Count > 0 && o.Codecs.All(codec => codec is VideoCodec.Vp8 or VideoCodec.H264)
                ? null
                : $"{nameof(o.Codecs)} is [{string.Join(", ", o.Codecs)}]; it takes Vp8, H264 or both.",
            Check(nameof(o.MaxQueuedFrames), o.MaxQueuedFrames, 1, 1000, ""),
            Check(nameof(o.ReconnectDelay), o.ReconnectDelay.TotalSeconds, 0.05, 60, " s"),
            Check(nameof(o.MaxReconnectDelay), o.MaxReconnectDelay.TotalSeconds, 0.05, 600, " s"),
            Check(nameof(o.ConnectTimeout), o.ConnectTimeout.TotalSeconds, 1, 120, " s"),
        ];
        return errors.OfType<string>();
    }

    private static string? Check(string name, double value, double lowest, double highest, string unit) =>
        value >= lowest && value <= highest
            ? null
            : string.Create(CultureInfo.InvariantCulture, $"{name} is {value:0.###}{unit}; it takes {lowest:0.###} to {highest:0.###}{unit}.");
}

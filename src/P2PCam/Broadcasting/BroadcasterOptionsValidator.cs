using Microsoft.Extensions.Options;

namespace P2PCam.Broadcasting;

/// <summary>Checks the ranges that the options document; each message names the option, the value and the range.</summary>
internal sealed class BroadcasterOptionsValidator : IValidateOptions<BroadcasterOptions>
{
    public ValidateOptionsResult Validate(string? name, BroadcasterOptions options)
    {
        var errors = Errors(options).ToList();
        return errors.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(errors);
    }

    public static string? FirstError(BroadcasterOptions options) => Errors(options).FirstOrDefault();

    private static IEnumerable<string> Errors(BroadcasterOptions o)
    {
        string?[] errors =
        [
            SignalingLimits.IsStreamName(o.Stream) ? null : $"{nameof(o.Stream)} is '{o.Stream}'; it takes 1 to 64 letters, digits, '-', '_' or '.'.",
            Check(nameof(o.MediaPort), o.MediaPort, 0, 65_535, ""),
            Check(nameof(o.Bitrate), o.Bitrate, 50_000, 50_000_000, " bit/s"),
            Check(nameof(o.EncoderThreads), o.EncoderThreads, 0, 16, ""),
            Check(nameof(o.MaxViewers), o.MaxViewers, 1, 10_000, ""),
            Check(nameof(o.KeyFrameCoalescing), o.KeyFrameCoalescing.TotalSeconds, 0, 5, " s"),
            Check(nameof(o.MaxDatagramBytes), o.MaxDatagramBytes, 576, 1472, " bytes"),
            Check(nameof(o.ResendHistory), o.ResendHistory.TotalSeconds, 0, 10, " s"),
            Check(nameof(o.SourceStallTimeout), o.SourceStallTimeout.TotalSeconds, 0.1, 60, " s"),
            Check(nameof(o.UnwatchedDelay), o.UnwatchedDelay.TotalSeconds, 0, 3600, " s"),
            Check(nameof(o.StopTimeout), o.StopTimeout.TotalSeconds, 0, 30, " s"),
        ];
        return errors.OfType<string>();
    }

    private static string? Check(string name, double value, double lowest, double highest, string unit) =>
        value >= lowest && value <= highest
            ? null
            : string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{name} is {value:0.###}{unit}; it takes {lowest:0.###} to {highest:0.###}{unit}.");
}

using P2PCam.Broadcasting;

namespace P2PCam.Configuration;

/// <summary>The keys below <c>P2PCam:Broadcaster:NAME</c>: those of <see cref="BroadcasterOptions"/>, and what is shown (<see cref="SourceSettings"/>).</summary>
internal static class BroadcasterSettings
{
    public static readonly SettingTable<BroadcasterOptions> Table = new SettingTable<BroadcasterOptions>(BroadcasterOptionsValidator.FirstError)
        .Text(nameof(BroadcasterOptions.Stream), (o, value) => o.Stream = value ?? o.Stream)
        .Whole(nameof(BroadcasterOptions.MediaPort), (o, value) => o.MediaPort = value)
        .Addresses(nameof(BroadcasterOptions.MediaAddresses), (o, value) => o.MediaAddresses.Add(value))
        .Flag(nameof(BroadcasterOptions.IncludeLoopback), (o, value) => o.IncludeLoopback = value)
        .BitRate(nameof(BroadcasterOptions.Bitrate), (o, value) => o.Bitrate = value)
        .Whole(nameof(BroadcasterOptions.EncoderThreads), (o, value) => o.EncoderThreads = value)
        .Whole(nameof(BroadcasterOptions.MaxViewers), (o, value) => o.MaxViewers = value)
        .Time(nameof(BroadcasterOptions.KeyFrameCoalescing), (o, value) => o.KeyFrameCoalescing = value)
        .Whole(nameof(BroadcasterOptions.MaxDatagramBytes), (o, value) => o.MaxDatagramBytes = value)
        .Time(nameof(BroadcasterOptions.ResendHistory), (o, value) => o.ResendHistory = value)
        .Time(nameof(BroadcasterOptions.StopTimeout), (o, value) => o.StopTimeout = value)
        .Time(nameof(BroadcasterOptions.SourceStallTimeout), (o, value) => o.SourceStallTimeout = value)
        .Flag(nameof(BroadcasterOptions.Slate), (o, value) => o.Slate = value)
        .Flag(nameof(BroadcasterOptions.CameraOffWhenUnwatched), (o, value) => o.CameraOffWhenUnwatched = value)
        .Time(nameof(BroadcasterOptions.UnwatchedDelay), (o, value) => o.UnwatchedDelay = value)
        .Flag(nameof(BroadcasterOptions.FailFast), (o, value) => o.FailFast = value);
}

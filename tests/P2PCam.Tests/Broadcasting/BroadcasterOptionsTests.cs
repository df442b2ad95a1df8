using P2PCam.Broadcasting;

namespace P2PCam.Tests.Broadcasting;

public class BroadcasterOptionsTests
{
    [Fact]
    public void Defaults_AreValid() => Assert.Null(BroadcasterOptionsValidator.FirstError(new BroadcasterOptions()));

    public static TheoryData<Action<BroadcasterOptions>, string> Mistakes => new()
    {
        { o => o.Stream = "a b", "Stream is 'a b'" },
        { o => o.MediaPort = 70_000, "MediaPort is 70000; it takes 0 to 65535" },
        { o => o.Bitrate = 1, "Bitrate is 1 bit/s; it takes 50000 to 50000000 bit/s" },
        { o => o.MaxViewers = 0, "MaxViewers is 0; it takes 1 to 10000" },
        { o => o.KeyFrameCoalescing = TimeSpan.FromSeconds(6), "KeyFrameCoalescing is 6 s; it takes 0 to 5 s" },
        { o => o.EncoderThreads = 17, "EncoderThreads is 17; it takes 0 to 16" },
        { o => o.MaxDatagramBytes = 9000, "MaxDatagramBytes is 9000 bytes; it takes 576 to 1472 bytes" },
        { o => o.ResendHistory = TimeSpan.FromSeconds(-1), "ResendHistory is -1 s; it takes 0 to 10 s" },
        { o => o.SourceStallTimeout = TimeSpan.Zero, "SourceStallTimeout is 0 s; it takes 0.1 to 60 s" },
        { o => o.UnwatchedDelay = TimeSpan.FromHours(2), "UnwatchedDelay is 7200 s; it takes 0 to 3600 s" },
        { o => o.StopTimeout = TimeSpan.FromMinutes(1), "StopTimeout is 60 s; it takes 0 to 30 s" },
    };

    [Theory]
    [MemberData(nameof(Mistakes))]
    public void Mistake_IsNamedWithValueAndRange(Action<BroadcasterOptions> mistake, string expected)
    {
        var options = new BroadcasterOptions();
        mistake(options);

        Assert.StartsWith(expected, BroadcasterOptionsValidator.FirstError(options), StringComparison.Ordinal);
    }
}

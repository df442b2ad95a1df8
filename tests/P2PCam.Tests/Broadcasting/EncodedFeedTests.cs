using Microsoft.Extensions.Logging.Testing;
using Microsoft.Extensions.Time.Testing;
using P2PCam.Broadcasting;
using P2PCam.Diagnostics;
using P2PCam.WebRtc.Rtp.Payloads;

namespace P2PCam.Tests.Broadcasting;

public sealed class EncodedFeedTests : IDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(1);
    private readonly FakeTimeProvider _time = new();
    private readonly FakeLogCollector _log = new();
    private readonly EncodedTestSource _source = new(VideoCodec.H264, VideoCodec.Vp8);
    private readonly StreamMetrics _metrics = new(BroadcastInstruments.For(null), "feed", () => 0, () => 0);
    private readonly CancellationTokenSource _end = new();
    private readonly List<(RtpVideoCodec Codec, bool IsKeyFrame)> _sent = [];
    private readonly SourceMonitor _monitor;
    private readonly StreamOutput _output;
    private readonly EncodedFeed _feed;
    private bool _isWatched = true;

    public EncodedFeedTests()
    {
        var start = _time.GetTimestamp();
        _monitor = new SourceMonitor(() => _source.Description, TimeSpan.FromSeconds(0.9), _time, _metrics, new FakeLogger(_log)) { OnChanged = (_, _) => { } };
        _output = new StreamOutput(new Packetizers(1000), Take, () => _time.GetElapsedTime(start));
        _feed = new EncodedFeed(_source, _monitor, _output, () => _isWatched, UpstreamKeyFrames.ShortestInterval, _time, _metrics, new FakeLogger(_log));
    }

    [Fact]
    public async Task EachFrame_IsSentAsItCame_BeginningWithAKeyFrame()
    {
        _source.Write(VideoCodec.H264, false);
        _source.Write(VideoCodec.H264, true);
        _source.Write(VideoCodec.H264, false);
        await ReadAsync(3);

        Assert.Equal([(RtpVideoCodec.H264, true), (RtpVideoCodec.H264, false)], _sent);
        Assert.Equal((3, 2, 1, 1, 0), (_feed.Counters.Captured, _feed.Counters.Relayed, _feed.Counters.KeyFrames, _feed.Counters.Dropped, _feed.Counters.Encoded));
        Assert.Equal(1, _source.KeyFrameRequests);
        Assert.Equal((VideoCodec.H264, SourceState.Live), (_feed.Codec, _monitor.State));
    }

    [Fact]
    public async Task AfterAGap_NothingIsSentUpToTheNextKeyFrame_WhichIsAskedFor()
    {
        _source.Write(VideoCodec.Vp8, true);
        await ReadAsync(1);
        _output.WriteSlate([1]);
        _sent.Clear();
        _source.Write(VideoCodec.Vp8, false);
        _source.Write(VideoCodec.Vp8, false);
        _source.Write(VideoCodec.Vp8, true);
        _source.Write(VideoCodec.Vp8, false);
        await ReadAsync(4);

        Assert.Equal([(RtpVideoCodec.Vp8, true), (RtpVideoCodec.Vp8, false)], _sent);
        Assert.Equal(1, _source.KeyFrameRequests);
    }

    [Fact]
    public async Task SourceThatIsOpenedAgain_BeginsWithAKeyFrame()
    {
        _source.Write(VideoCodec.Vp8, true);
        await ReadAsync(1);
        _source.Write(VideoCodec.Vp8, false);
        await ReadAsync(1);
        Assert.Single(_sent);
    }

    [Theory]
    [InlineData(VideoCodec.H264, "high")]
    [InlineData(VideoCodec.Vp8, "low")]
    public async Task AnotherCodecOrLayer_BeginsWithAKeyFrame(VideoCodec codec, string layer)
    {
        _source.Write(VideoCodec.H264, true, "low");
        _source.Write(codec, false, layer);
        _source.Write(codec, true, layer);
        _source.Write(codec, false, layer);
        await ReadAsync(4);

        Assert.Equal([true, true, false], _sent.Select(frame => frame.IsKeyFrame));
        Assert.Equal(codec.ToRtp(), _sent[^1].Codec);
    }

    [Fact]
    public async Task FrameThatCannotBeCut_CostsItselfAndWhatBuildsOnIt()
    {
        _source.Write(VideoCodec.H264, true);
        _source.Write(EncodedFrame.Copy([], VideoCodec.H264, false, TimeSpan.FromSeconds(1)));
        _source.Write(VideoCodec.H264, false);
        _source.Write(VideoCodec.H264, true);
        _source.Write(EncodedFrame.Copy([1, 2, 3], VideoCodec.Vp9, true, TimeSpan.FromSeconds(2)));
        await ReadAsync(5);

        Assert.Equal([true, true], _sent.Select(frame => frame.IsKeyFrame));
        Assert.Equal([1203, 1203], _log.GetSnapshot().Select(record => record.Id.Id));
        Assert.Equal(3, _feed.Counters.Dropped);
    }

    [Fact]
    public async Task NobodyWatching_OnlyKeyFramesAreLookedAt_AndNoneIsAskedFor()
    {
        _isWatched = false;
        _source.Write(VideoCodec.H264, false);
        _source.Write(VideoCodec.H264, true);
        _source.Write(VideoCodec.H264, false);
        await ReadAsync(3);

        Assert.Equal([true], _sent.Select(frame => frame.IsKeyFrame));
        Assert.Equal((2, 0), (_feed.Counters.Dropped, _source.KeyFrameRequests));
    }

    [Fact]
    public async Task TwentyViewersWithinASecond_AskTheSourceThreeTimesAtMost()
    {
        _source.Write(VideoCodec.H264, true);
        await ReadAsync(1);
        for (var i = 0; i < 20; i++)
        {
            _feed.RequestKeyFrame();
            _time.Advance(TimeSpan.FromMilliseconds(50));
            if (i % 3 == 2)
            {
                _source.Write(VideoCodec.H264, true);
                await ReadAsync(1);
            }
        }

        Assert.InRange(_source.KeyFrameRequests, 1, 3);
        Assert.Equal(_source.KeyFrameRequests, _feed.Counters.KeyFramesAsked);
    }

    [Fact]
    public void SourceThatFailsWhenItIsAsked_IsLoggedAndNoMore()
    {
        _source.OnKeyFrameRequest = () => throw new InvalidOperationException("no");
        _feed.RequestKeyFrame();
        Assert.Equal(1204, Assert.Single(_log.GetSnapshot()).Id.Id);
    }

    [Theory]
    [InlineData(VideoCodec.Vp8, 320, 180)]
    [InlineData(VideoCodec.H264, 320, 240)]
    public async Task SizeOfTheStream_IsThatOfItsKeyFrames(VideoCodec codec, int width, int height)
    {
        _source.Write(codec, true);
        await ReadAsync(1);
        Assert.Equal((width, height), _monitor.Size);
    }

    public void Dispose()
    {
        _feed.Dispose();
        _monitor.Dispose();
        _metrics.Dispose();
        _end.Dispose();
    }

    /// <summary>Lets it read until so many frames more have come.</summary>
    private async Task ReadAsync(int frames)
    {
        using var reading = new CancellationTokenSource();
        var until = _feed.Counters.Captured + frames;
        var task = _feed.ReadAsync(reading.Token);
        using var limit = new CancellationTokenSource(Limit);
        while (_feed.Counters.Captured < until)
        {
            await Task.Delay(1, limit.Token);
        }

        await reading.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => task);
    }

    private void Take(PacketizedFrame frame)
    {
        _sent.Add((frame.Codec, frame.IsKeyFrame));
        frame.Release();
    }
}

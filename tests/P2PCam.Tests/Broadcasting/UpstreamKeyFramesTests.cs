using Microsoft.Extensions.Time.Testing;
using P2PCam.Broadcasting;

namespace P2PCam.Tests.Broadcasting;

public sealed class UpstreamKeyFramesTests : IDisposable
{
    private readonly FakeTimeProvider _time = new();
    private readonly UpstreamKeyFrames _requests;
    private readonly List<TimeSpan> _asked = [];
    private readonly List<ITimer> _answers = [];
    private readonly long _start;
    private TimeSpan? _answersAfter;
    private TimeSpan? _keyFrameAt;
    private bool _isWatched = true;

    public UpstreamKeyFramesTests()
    {
        _start = _time.GetTimestamp();
        _requests = new UpstreamKeyFrames(OnAsked, () => _isWatched, UpstreamKeyFrames.ShortestInterval, _time);
    }

    private TimeSpan Now => _time.GetElapsedTime(_start);

    [Theory]
    [InlineData(null)]
    [InlineData(0)]
    [InlineData(40)]
    [InlineData(120)]
    [InlineData(600)]
    public void TwentyViewersWithinASecond_CauseThreeRequestsAtMost(int? millisecondsToAnswer)
    {
        _answersAfter = millisecondsToAnswer is { } answer ? TimeSpan.FromMilliseconds(answer) : null;
        for (var i = 0; i < 20; i++)
        {
            _requests.Request();
            Advance(50);
        }

        Assert.InRange(_asked.Count, 1, 3);
        Advance(3000);
        if (_answersAfter < UpstreamKeyFrames.ShortestInterval)
        {
            Assert.InRange(_asked.Count, 1, 3);
        }

        Assert.Equal(TimeSpan.Zero, _asked[0]);
        Assert.All(_asked.Zip(_asked.Skip(1)), pair => Assert.True(pair.Second - pair.First >= UpstreamKeyFrames.ShortestInterval));
    }

    [Fact]
    public void EveryViewer_IsServedByAKeyFrameThatWasMadeAfterItCame_WithinASecond()
    {
        _answersAfter = TimeSpan.FromMilliseconds(150);
        var waiting = new List<TimeSpan>();
        var random = new Random(7);
        for (var i = 0; i < 300; i++)
        {
            waiting.Add(Now);
            _requests.Request();
            Advance(random.Next(1, 200));
            if (_keyFrameAt is { } keyFrame)
            {
                Assert.All(waiting.Where(came => came <= keyFrame), came => Assert.InRange(keyFrame - came, TimeSpan.Zero, TimeSpan.FromSeconds(1)));
                waiting.RemoveAll(came => came <= keyFrame);
            }
        }

        Advance(1000);
        Assert.All(waiting, came => Assert.InRange(_keyFrameAt!.Value, came, came + TimeSpan.FromSeconds(1)));
    }

    [Fact]
    public void RequestThatIsNotServed_IsRepeatedEachSecond_WhileSomebodyWatches()
    {
        _requests.Request();
        Advance(3500);
        Assert.Equal([0, 1, 2, 3], _asked.Select(at => (int)at.TotalSeconds));
        _isWatched = false;
        Advance(5000);
        Assert.Equal(4, _asked.Count);
        Assert.Equal(4, _requests.Asked);
    }

    [Fact]
    public void KeyFrameThatCameByItself_ServesWhoeverWaited()
    {
        _requests.Request();
        _requests.OnKeyFrame();
        Advance(100);
        _requests.Request();
        Advance(100);
        _requests.OnKeyFrame();
        Advance(5000);
        Assert.Single(_asked);
    }

    public void Dispose() => _requests.Dispose();

    private void OnAsked()
    {
        _asked.Add(Now);
        if (_answersAfter is { } delay)
        {
            _answers.Add(_time.CreateTimer(_ => Answer(), null, delay, Timeout.InfiniteTimeSpan));
        }
    }

    private void Answer()
    {
        _keyFrameAt = Now;
        _requests.OnKeyFrame();
    }

    private void Advance(int milliseconds)
    {
        for (var i = 0; i < milliseconds; i++)
        {
            _time.Advance(TimeSpan.FromMilliseconds(1));
        }
    }
}

using P2PCam.Broadcasting;

namespace P2PCam.Tests.Broadcasting;

public class KeyFrameRequestsTests
{
    private readonly KeyFrameRequests _requests = new(TimeSpan.FromMilliseconds(300));

    [Fact]
    public void FirstRequest_IsDueAtOnce()
    {
        Assert.False(_requests.IsDue(TimeSpan.Zero));
        _requests.Request();
        Assert.True(_requests.IsDue(TimeSpan.Zero));
    }

    [Fact]
    public void TwentyRequestsWithin300Milliseconds_CauseTwoKeyFrames()
    {
        var keyFrames = 0;
        for (var ms = 0; ms < 1000; ms += 33)
        {
            if (ms < 300)
            {
                _requests.Request();
                _requests.Request();
            }

            var now = TimeSpan.FromMilliseconds(ms);
            if (_requests.IsDue(now))
            {
                keyFrames++;
                _requests.OnKeyFrame(now);
            }
        }

        Assert.Equal(2, keyFrames);
    }

    [Fact]
    public void KeyFrameMadeForAnotherReason_ServesTheRequest()
    {
        _requests.Request();
        _requests.OnKeyFrame(TimeSpan.FromSeconds(1));
        Assert.False(_requests.IsDue(TimeSpan.FromSeconds(2)));
    }
}

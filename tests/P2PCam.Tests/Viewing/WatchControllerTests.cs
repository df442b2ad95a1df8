using Microsoft.Extensions.Time.Testing;
using P2PCam.Viewing;
using P2PCam.WebRtc.Sessions;

namespace P2PCam.Tests.Viewing;

/// <summary>When a viewer offers, in virtual time, with links that do what the test says.</summary>
public sealed class WatchControllerTests : IDisposable
{
    private static readonly CameraStateMessage NobodyHeard = new(CameraState.Offline) { Unheard = true };
    private readonly FakeTimeProvider _time = new();
    private readonly List<FakeLink> _links = [];
    private readonly List<ViewerState> _states = [];
    private readonly List<CameraState> _cameraStates = [];
    private readonly List<string> _sent = [];
    private WatchController? _made;

    private WatchController Controller => _made ??= Create(new ViewerOptions());

    private FakeLink Link => _links[^1];

    public void Dispose() => _made?.Dispose();

    [Fact]
    public void Join_OffersAtOnce_AndIsLiveWithTheFirstFrame()
    {
        Controller.OnSignalingUp();
        Assert.Equal(["offer 1"], _sent);
        Controller.OnMessage(new AnswerMessage("answer 1"));
        Controller.OnLinkEvent(Link, new PeerSessionEvent(PeerSessionEventKind.Connected));
        Assert.False(Controller.Connected.IsCompleted);

        Controller.OnFrame(Link);

        Assert.True(Controller.Connected.IsCompletedSuccessfully);
        Assert.Equal([ViewerState.Live], _states);
    }

    [Fact]
    public void LostMedia_IsOfferedAtOnce_ThenWithGrowingWaits()
    {
        GoLive();
        for (var attempt = 2; attempt <= 6; attempt++)
        {
            Controller.OnLinkEvent(Link, new PeerSessionEvent(PeerSessionEventKind.Closed, PeerSessionCloseReason.PeerClosed));
            if (attempt == 2)
            {
                // At once.
                Assert.Equal(2, _links.Count);
                continue;
            }

            // 0.25 s, doubled each time, a quarter more or less.
            var wait = TimeSpan.FromSeconds(0.25) * Math.Pow(2, attempt - 3);
            _time.Advance(wait * 0.74);
            Assert.Equal(attempt - 1, _links.Count);
            _time.Advance(wait * 0.53);
            Assert.Equal(attempt, _links.Count);
        }

        Assert.Equal([ViewerState.Live, ViewerState.Reconnecting], _states);
        Assert.All(_links.SkipLast(1), link => Assert.True(link.IsReleased));
        GoLive();
        Controller.OnLinkEvent(Link, new PeerSessionEvent(PeerSessionEventKind.Closed, PeerSessionCloseReason.ConsentExpired));
        Assert.Equal(7, _links.Count);
    }

    [Fact]
    public void SignalingThatIsLost_ChangesNothingWhilePicturesCome_AndMediaThatIsLostMeanwhileWaitsForIt()
    {
        GoLive();
        Controller.OnSignalingDown("cut");
        Controller.OnFrame(Link);
        Assert.Equal([ViewerState.Live], _states);
        Assert.False(Link.IsReleased);

        Controller.OnLinkEvent(Link, new PeerSessionEvent(PeerSessionEventKind.Closed, PeerSessionCloseReason.ConsentExpired));
        _time.Advance(TimeSpan.FromMinutes(1));
        Assert.Single(_links);
        Assert.Equal([ViewerState.Live, ViewerState.Reconnecting], _states);

        Controller.OnSignalingUp();
        Assert.Equal(2, _links.Count);
    }

    [Fact]
    public void SignalingThatReturns_DoesNotOfferWhilePicturesCome()
    {
        GoLive();
        Controller.OnSignalingDown("cut");
        Controller.OnSignalingUp();
        Controller.OnMessage(new CameraStateMessage(CameraState.Live));

        Assert.Single(_links);
    }

    [Fact]
    public void BroadcasterThatWasKilledAndIsBack_IsOfferedAnew_BecauseTheOldSessionStaysSilent()
    {
        GoLive();
        Controller.OnMessage(NobodyHeard);
        _time.Advance(TimeSpan.FromSeconds(2));
        Assert.Single(_links);

        Controller.OnMessage(new CameraStateMessage(CameraState.Live));
        _time.Advance(TimeSpan.FromMilliseconds(499));
        Assert.Single(_links);
        _time.Advance(TimeSpan.FromMilliseconds(2));
        Assert.Equal(2, _links.Count);
    }

    [Fact]
    public void CameraThatIsBackInTheSameSession_NeedsNoOffer()
    {
        GoLive();
        Controller.OnMessage(new CameraStateMessage(CameraState.Offline));
        Controller.OnMessage(new CameraStateMessage(CameraState.Live));
        _time.Advance(TimeSpan.FromMilliseconds(100));
        Controller.OnFrame(Link);
        _time.Advance(TimeSpan.FromSeconds(2));

        Assert.Single(_links);
        Assert.Equal([ViewerState.Live, ViewerState.CameraOffline, ViewerState.Live], _states);
    }

    [Fact]
    public void NoPicturesForThreeSeconds_IsALoss()
    {
        GoLive();
        _time.Advance(TimeSpan.FromSeconds(2.9));
        Controller.OnFrame(Link);
        _time.Advance(TimeSpan.FromSeconds(2.9));
        Assert.Single(_links);
        _time.Advance(TimeSpan.FromSeconds(0.2));

        Assert.Equal(2, _links.Count);
        Assert.Equal([ViewerState.Live, ViewerState.Reconnecting], _states);
    }

    [Fact]
    public void AnswerToAnEarlierOffer_IsIgnored()
    {
        Controller.OnSignalingUp();
        Controller.OnMessage(NobodyHeard);
        Controller.OnMessage(new CameraStateMessage(CameraState.Live));
        Assert.Equal(["offer 1", "offer 2"], _sent);

        Controller.OnMessage(new AnswerMessage("answer 1"));
        Assert.Null(Link.Answer);
        Controller.OnMessage(new AnswerMessage("answer 2"));
        Assert.Equal("answer 2", Link.Answer);
        Controller.OnMessage(new AnswerMessage("answer 2"));
    }

    // The broadcaster is there and heard the offer, and its source is just coming up. Its words, its answer and its media come in any order.
    [Theory]
    [InlineData("offline answer live connected frame")]
    [InlineData("answer offline live connected frame")]
    [InlineData("answer offline connected live frame")]
    [InlineData("answer connected offline live frame")]
    [InlineData("offline live answer connected frame")]
    [InlineData("offline answer connected live frame")]
    [InlineData("offline answer connected frame live")]
    [InlineData("offline live offline answer live connected frame")]
    public void BroadcasterThatIsJustStarting_IsNotOfferedTwice(string course)
    {
        Happen($"up {course} frame");

        Assert.Equal(["offer 1"], _sent);
        Assert.Equal(ViewerState.Live, _states[^1]);
        Assert.Equal(CameraState.Live, _cameraStates[^1]);
        Assert.True(Controller.Connected.IsCompletedSuccessfully);
    }

    // Nobody heard the offer, or somebody who has left since: whoever is live now gets a new one, at once.
    [Theory]
    [InlineData("offline unheard live")]
    [InlineData("offline unheard offline live")]
    [InlineData("unheard live")]
    [InlineData("answer unheard live")]
    [InlineData("answer offline unheard live")]
    [InlineData("offline answer unheard offline live")]
    [InlineData("answer connected frame offline closed unheard live")]
    [InlineData("answer connected offline unheard closed live")]
    public void BroadcasterThatDoesNotHaveTheOffer_IsOfferedAtOnceWhenItIsLive(string course)
    {
        Happen($"up {course}");
        Assert.Equal(["offer 1", "offer 2"], _sent);

        Happen("answer connected frame live frame");
        Assert.Equal(["offer 1", "offer 2"], _sent);
        Assert.Equal(ViewerState.Live, _states[^1]);
    }

    [Fact]
    public void BroadcasterThatComesBetweenTheJoinAndTheOffer_IsNotOfferedTwice()
    {
        // "Offline" is what the room says at the join; the offer that was on its way then is answered by the newcomer.
        Happen("up offline live answer connected frame");

        Assert.Equal(["offer 1"], _sent);
    }

    [Fact]
    public void AnswerAfterUnheard_IsOfTheNextBroadcaster_AndKept()
    {
        Happen("up unheard answer live connected frame");

        Assert.Equal(["offer 1"], _sent);
        Assert.Equal("answer 1", Link.Answer);
    }

    [Fact]
    public void BroadcasterWhoseSignalingAloneBroke_KeepsItsSession()
    {
        GoLive();
        Controller.OnMessage(NobodyHeard);
        _time.Advance(TimeSpan.FromSeconds(5));
        Controller.OnMessage(new CameraStateMessage(CameraState.Live));
        _time.Advance(TimeSpan.FromMilliseconds(400));
        Happen("frame frame");

        Assert.Single(_links);
        Assert.Equal([ViewerState.Live, ViewerState.CameraOffline, ViewerState.Live], _states);
    }

    [Fact]
    public void FramesThatWereOnTheirWayWhenTheCameraWentOffline_DoNotBringItBack()
    {
        GoLive();
        Controller.OnMessage(new CameraStateMessage(CameraState.Offline));
        Controller.OnFrame(Link);

        Assert.Equal([ViewerState.Live, ViewerState.CameraOffline], _states);
        Assert.Equal(CameraState.Offline, _cameraStates[^1]);
    }

    [Fact]
    public void CameraThatIsBackWithoutAPicture_IsALossAfterThreeSeconds()
    {
        GoLive();
        Controller.OnMessage(new CameraStateMessage(CameraState.Offline));
        _time.Advance(TimeSpan.FromSeconds(20));
        Controller.OnMessage(new CameraStateMessage(CameraState.Live));
        _time.Advance(TimeSpan.FromSeconds(2.9));
        Assert.Single(_links);
        _time.Advance(TimeSpan.FromSeconds(0.2));

        Assert.Equal(2, _links.Count);
    }

    [Fact]
    public async Task BroadcasterThatIsLiveAndNeverAnswers_EndsTheFirstAttemptWithItsCode()
    {
        Controller.OnSignalingUp();
        Controller.OnMessage(new CameraStateMessage(CameraState.Offline));
        Controller.OnMessage(new CameraStateMessage(CameraState.Live));
        _time.Advance(TimeSpan.FromSeconds(5.1));

        Assert.Equal("P2P2202", (await Assert.ThrowsAsync<P2PException>(() => Controller.Connected)).Code);
    }

    [Fact]
    public void CameraThatIsOffline_IsReportedAfterAMoment_AndAskedNowAndThen()
    {
        Controller.OnSignalingUp();
        Controller.OnMessage(new CameraStateMessage(CameraState.Offline));
        Assert.False(Controller.Connected.IsCompleted);
        _time.Advance(TimeSpan.FromMilliseconds(501));
        Assert.True(Controller.Connected.IsCompletedSuccessfully);

        for (var i = 0; i < 120; i++)
        {
            _time.Advance(TimeSpan.FromSeconds(0.5));
        }

        Assert.InRange(_links.Count, 4, 8);
        Assert.Equal([ViewerState.CameraOffline], _states);
    }

    [Fact]
    public void Bye_EndsTheSession_AndTheCameraIsAskedAgainLater()
    {
        GoLive();
        Controller.OnMessage(new ByeMessage("enough"));
        Assert.True(Link.IsReleased);
        Assert.Equal([ViewerState.Live, ViewerState.CameraOffline], _states);
        _time.Advance(TimeSpan.FromSeconds(4.9));
        Assert.Single(_links);
        _time.Advance(TimeSpan.FromSeconds(0.2));
        Assert.Equal(2, _links.Count);
    }

    [Fact]
    public void EventsOfAFormerLink_AreIgnored()
    {
        GoLive();
        var former = Link;
        Controller.OnLinkEvent(former, new PeerSessionEvent(PeerSessionEventKind.Closed, PeerSessionCloseReason.PeerClosed));
        Controller.OnLinkEvent(former, new PeerSessionEvent(PeerSessionEventKind.Closed, PeerSessionCloseReason.PeerClosed));
        Controller.OnFrame(former);

        Assert.Equal(2, _links.Count);
        Assert.Equal([ViewerState.Live, ViewerState.Reconnecting], _states);
    }

    [Theory]
    [InlineData("answer", "P2P2202")]
    [InlineData("path", "P2P2204")]
    [InlineData("picture", "P2P2205")]
    [InlineData("refused", "P2P2110")]
    public async Task FirstAttemptThatFails_EndsWithACodeThatSaysWhatWasMissing(string missing, string code)
    {
        Controller.OnSignalingUp();
        if (missing is "path" or "picture")
        {
            Controller.OnMessage(new AnswerMessage("answer 1"));
        }

        if (missing == "picture")
        {
            Controller.OnLinkEvent(Link, new PeerSessionEvent(PeerSessionEventKind.Connected));
        }

        if (missing == "refused")
        {
            Controller.OnMessage(new ErrorMessage("P2P2110", "full"));
        }

        _time.Advance(TimeSpan.FromSeconds(16));

        Assert.Equal(code, (await Assert.ThrowsAsync<P2PException>(() => Controller.Connected)).Code);
        Assert.True(Controller.Ended.IsCompleted);
        Assert.Single(_links);
    }

    [Fact]
    public void WithoutReconnect_ALossIsTheEnd()
    {
        _made = Create(new ViewerOptions { Reconnect = false });
        GoLive();
        Controller.OnLinkEvent(Link, new PeerSessionEvent(PeerSessionEventKind.Closed, PeerSessionCloseReason.PeerClosed));
        _time.Advance(TimeSpan.FromMinutes(1));

        Assert.True(Controller.Ended.IsCompleted);
        Assert.Single(_links);
    }

    // What a test says in one word, and 0.9 s later.
    private void Happens(string what)
    {
        switch (what)
        {
            case "up":
                Controller.OnSignalingUp();
                break;
            case "offline":
                Controller.OnMessage(new CameraStateMessage(CameraState.Offline));
                break;
            case "unheard":
                Controller.OnMessage(NobodyHeard);
                break;
            case "live":
                Controller.OnMessage(new CameraStateMessage(CameraState.Live));
                break;
            case "answer":
                Controller.OnMessage(new AnswerMessage($"answer {_links.Count}"));
                break;
            case "connected":
                Controller.OnLinkEvent(Link, new PeerSessionEvent(PeerSessionEventKind.Connected));
                break;
            case "closed":
                Controller.OnLinkEvent(Link, new PeerSessionEvent(PeerSessionEventKind.Closed, PeerSessionCloseReason.PeerClosed));
                break;
            case "frame":
                Controller.OnFrame(Link);
                break;
            default:
                Assert.Fail(what);
                break;
        }

        _time.Advance(TimeSpan.FromSeconds(0.9));
    }

    private void Happen(string course)
    {
        foreach (var what in course.Split(' '))
        {
            Happens(what);
        }
    }

    private void GoLive()
    {
        if (_links.Count == 0)
        {
            Controller.OnSignalingUp();
            Controller.OnMessage(new CameraStateMessage(CameraState.Live));
        }

        Controller.OnMessage(new AnswerMessage($"answer {_links.Count}"));
        Controller.OnLinkEvent(Link, new PeerSessionEvent(PeerSessionEventKind.Connected));
        Controller.OnFrame(Link);
    }

    private WatchController Create(ViewerOptions options) => new(new WatchControllerContext
    {
        Options = options,
        TimeProvider = _time,
        OpenLink = mid =>
        {
            _links.Add(new FakeLink(mid));
            return Link;
        },
        Send = offer => _sent.Add(offer.Sdp),
        StateChanged = (state, _) => _states.Add(state),
        CameraStateChanged = (state, _) => _cameraStates.Add(state),
    });

    private sealed class FakeLink(string mid) : IMediaLink
    {
        public string Offer => $"offer {mid}";

        public string? Answer { get; private set; }

        public bool IsReleased { get; private set; }

        public bool IsForAnotherOffer(string answer) => answer != $"answer {mid}";

        public bool TryAccept(string answer, out string error)
        {
            Assert.Null(Answer);
            (Answer, error) = (answer, "");
            return true;
        }

        public void AddCandidate(string candidate)
        {
        }

        public void SetEndOfCandidates()
        {
        }

        public void Release() => IsReleased = true;
    }
}

using Xunit;

namespace P2PCam.SignalingConformance;

#pragma warning disable CS1591 // The name of a case is its sentence.

public abstract partial class SignalingConformanceTests
{
    [ConformanceFact]
    public async Task Messages_GoBothWays_AndCarryTheViewersIdAtTheBroadcasterOnly()
    {
        var (broadcaster, viewer) = await JoinBothAsync();

        await viewer.SendAsync(new OfferMessage("offer"));
        await viewer.SendAsync(new CandidateMessage("one", "0", 0));
        await viewer.SendAsync(new EndOfCandidatesMessage());
        await viewer.SendAsync(new RestartMessage("again"));
        await broadcaster.SendAsync(new AnswerMessage("answer") { Peer = viewer.Id });
        await broadcaster.SendAsync(new RestartMessage() { Peer = viewer.Id });

        Assert.Equal(new OfferMessage("offer") { Peer = viewer.Id }, await broadcaster.NextAsync());
        Assert.Equal(new CandidateMessage("one", "0", 0) { Peer = viewer.Id }, await broadcaster.NextAsync());
        Assert.Equal(new EndOfCandidatesMessage { Peer = viewer.Id }, await broadcaster.NextAsync());
        Assert.Equal(new RestartMessage("again") { Peer = viewer.Id }, await broadcaster.NextAsync());
        Assert.Equal(new AnswerMessage("answer"), await viewer.NextAsync());
        Assert.Equal(new RestartMessage(), await viewer.NextAsync());
    }

    [ConformanceFact]
    public async Task Messages_Many_ArriveInOrderBothWays()
    {
        const int Count = 1000;
        var (broadcaster, viewer) = await JoinBothAsync();
        using var ahead = new SemaphoreSlim(200); // a viewer that is further behind is cut off, and rightly
        var up = Task.Run(async () =>
        {
            for (var i = 0; i < Count; i++)
            {
                await viewer.SendAsync(new CandidateMessage($"up {i}"));
            }
        });
        var down = Task.Run(async () =>
        {
            for (var i = 0; i < Count; i++)
            {
                await ahead.WaitAsync();
                await broadcaster.SendAsync(new CandidateMessage($"down {i}") { Peer = viewer.Id });
            }
        });
        var readDown = Task.Run(async () =>
        {
            for (var i = 0; i < Count; i++)
            {
                Assert.Equal($"down {i}", (await viewer.NextAsync<CandidateMessage>()).Candidate);
                ahead.Release();
            }
        });

        for (var i = 0; i < Count; i++)
        {
            Assert.Equal($"up {i}", (await broadcaster.NextAsync<CandidateMessage>()).Candidate);
        }

        await Task.WhenAll(up, down, readDown);
    }

    [ConformanceFact]
    public async Task Messages_OfManySendersAtOnce_AllArrive_EachSendersInOrder()
    {
        const int Senders = 8;
        const int Each = 50;
        var (broadcaster, viewer) = await JoinBothAsync();
        var sending = Enumerable.Range(0, Senders).Select(sender => Task.Run(async () =>
        {
            for (var i = 0; i < Each; i++)
            {
                await viewer.SendAsync(new CandidateMessage($"{sender}", null, i));
            }
        }));

        var next = new int[Senders];
        var all = Task.WhenAll(sending);
        for (var i = 0; i < Senders * Each; i++)
        {
            var message = await broadcaster.NextAsync<CandidateMessage>();
            Assert.Equal(next[int.Parse(message.Candidate, System.Globalization.CultureInfo.InvariantCulture)]++, message.SdpMLineIndex);
        }

        await all;
    }

    [ConformanceFact]
    public async Task Messages_OfManyViewersAtOnce_AreToldApart_AndAnswersReachTheirOwn()
    {
        var broadcaster = await JoinAsync(SignalingRole.Broadcaster);
        var viewers = await Task.WhenAll(Enumerable.Range(0, 12).Select(_ => JoinAsync(SignalingRole.Viewer)));
        await Task.WhenAll(viewers.Select(viewer => viewer.SendAsync(new OfferMessage($"of {viewer.Id}")).AsTask()));

        for (var i = 0; i < viewers.Length; i++)
        {
            var offer = await broadcaster.FindAsync<OfferMessage>();
            Assert.Equal($"of {offer.Peer}", offer.Sdp);
            await broadcaster.SendAsync(new AnswerMessage($"to {offer.Peer}") { Peer = offer.Peer });
        }

        foreach (var viewer in viewers)
        {
            Assert.Equal(new AnswerMessage($"to {viewer.Id}"), await viewer.NextAsync());
        }
    }

    [ConformanceFact]
    public async Task CameraState_WithoutPeer_ReachesEveryViewer()
    {
        var (broadcaster, first) = await JoinBothAsync();
        var second = await JoinAsync(SignalingRole.Viewer);

        await broadcaster.SendAsync(new CameraStateMessage(CameraState.Slate, "a moment"));

        Assert.Equal(new CameraStateMessage(CameraState.Slate, "a moment"), await first.NextAsync());
        Assert.Equal(new CameraStateMessage(CameraState.Slate, "a moment"), await second.NextAsync());
    }

    [ConformanceFact]
    public async Task Viewer_NamingAnotherPeer_IsHeardAsItself()
    {
        var (broadcaster, viewer) = await JoinBothAsync();
        var other = await JoinAsync(SignalingRole.Viewer);
        await broadcaster.NextAsync<PeerJoinedMessage>();

        await viewer.SendAsync(new OfferMessage("mine") { Peer = other.Id });

        Assert.Equal(new OfferMessage("mine") { Peer = viewer.Id }, await broadcaster.NextAsync());
    }

    public static TheoryData<string> BroadcastersMessages =>
    [
        """{"type":"answer","sdp":"x"}""",
        """{"type":"camera","state":"Offline"}""",
        """{"type":"welcome","peerId":"x"}""",
        """{"type":"peer-joined","peer":"x"}""",
        """{"type":"peer-left","peer":"x"}""",
        """{"type":"hello","stream":"default","role":"Broadcaster"}""",
    ];

    [ConformanceTheory]
    [MemberData(nameof(BroadcastersMessages))]
    public async Task Viewer_SendingWhatOnlyABroadcasterMay_IsRefused_AndNobodyHearsIt(string json)
    {
        var (broadcaster, bystander) = await JoinBothAsync();
        var (raw, welcome) = await JoinRawAsync(new HelloMessage("default", SignalingRole.Viewer));
        await broadcaster.NextAsync<PeerJoinedMessage>();

        await raw.SendAsync(json);
        Assert.Equal("P2P2005", (await raw.NextAsync<ErrorMessage>()).Code);

        await raw.SendAsync(new OfferMessage("v=0"));
        Assert.Equal(new OfferMessage("v=0") { Peer = welcome.PeerId }, await broadcaster.NextAsync());
        await broadcaster.SendAsync(new CameraStateMessage(CameraState.Live));
        Assert.Equal(new CameraStateMessage(CameraState.Live), await bystander.NextAsync());
    }

    [ConformanceFact]
    public async Task Broadcaster_NamingNobody_IsToldSo()
    {
        var (broadcaster, viewer) = await JoinBothAsync();

        await broadcaster.SendAsync(new AnswerMessage("for whom?"));
        Assert.Equal("P2P2006", (await broadcaster.NextAsync<ErrorMessage>()).Code);

        await broadcaster.SendAsync(new AnswerMessage("yours") { Peer = viewer.Id });
        Assert.Equal(new AnswerMessage("yours"), await viewer.NextAsync());
    }

    [ConformanceFact]
    public async Task Broadcaster_NamingSomebodyWhoIsGone_IsNotDisturbed()
    {
        var (broadcaster, viewer) = await JoinBothAsync();

        await broadcaster.SendAsync(new AnswerMessage("lost") { Peer = new string('0', 32) });
        await broadcaster.SendAsync(new AnswerMessage("yours") { Peer = viewer.Id });

        Assert.Equal(new AnswerMessage("yours"), await viewer.NextAsync());
    }

    [ConformanceTheory]
    [InlineData("Grüße aus Köln — 你好 — 👋🏽 — \u0000 \u001f \u2028 \" \\ /")]
    [InlineData("<script>&amp;'+\r\n\t</script>")]
    public async Task Text_OfAnyKind_ArrivesAsItWas(string text)
    {
        var (broadcaster, viewer) = await JoinBothAsync();

        await viewer.SendAsync(new OfferMessage(text));

        Assert.Equal(text, (await broadcaster.NextAsync<OfferMessage>()).Sdp);
    }

    [ConformanceFact]
    public async Task UnknownFields_AreIgnored()
    {
        var broadcaster = await JoinAsync(SignalingRole.Broadcaster);
        var (raw, welcome) = await JoinRawAsync(new HelloMessage("default", SignalingRole.Viewer));
        await broadcaster.NextAsync<PeerJoinedMessage>();

        await raw.SendAsync("""{"later":{"a":[1,2]},"sdp":"v=0","type":"offer","x":null}""");

        Assert.Equal(new OfferMessage("v=0") { Peer = welcome.PeerId }, await broadcaster.NextAsync());
    }

    [ConformanceFact]
    public async Task UnknownType_IsAnsweredByAnErrorThatNamesIt()
    {
        var (raw, _) = await JoinRawAsync(new HelloMessage("default", SignalingRole.Viewer));
        await raw.NextAsync<CameraStateMessage>();

        await raw.SendAsync("""{"type":"dance","step":1}""");

        var error = await raw.NextAsync<ErrorMessage>();
        Assert.Equal("P2P2011", error.Code);
        Assert.Contains("'dance'", error.Message, StringComparison.Ordinal);
        await raw.SendAsync(new OfferMessage("v=0"));
        await raw.NextAsync<CameraStateMessage>();
    }

    [ConformanceTheory]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("42")]
    [InlineData("\"text\"")]
    [InlineData("{}")]
    [InlineData("""{"type":"offer"}""")]
    [InlineData("""{"type":"offer","sdp":7}""")]
    [InlineData("""{"type":7}""")]
    public async Task Malformed_IsAnsweredByAnError_AndTheConnectionLives(string json)
    {
        var (raw, _) = await JoinRawAsync(new HelloMessage("default", SignalingRole.Viewer));
        await raw.NextAsync<CameraStateMessage>();

        await raw.SendAsync(json);

        Assert.Equal("P2P2011", (await raw.NextAsync<ErrorMessage>()).Code);
        await raw.SendAsync(new OfferMessage("v=0"));
        await raw.NextAsync<CameraStateMessage>();
    }

    [ConformanceFact]
    public async Task Error_IsNotAnsweredByAnError()
    {
        var (raw, _) = await JoinRawAsync(new HelloMessage("default", SignalingRole.Viewer));
        await raw.NextAsync<CameraStateMessage>();

        await raw.SendAsync(new ErrorMessage("P2P2011", "I did not understand that."));
        await raw.SendAsync(new OfferMessage("v=0"));

        await raw.NextAsync<CameraStateMessage>();
    }
}

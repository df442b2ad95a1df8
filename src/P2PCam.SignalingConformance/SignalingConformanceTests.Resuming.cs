using Xunit;

namespace P2PCam.SignalingConformance;

#pragma warning disable CS1591 // The name of a case is its sentence.

public abstract partial class SignalingConformanceTests
{
    private async Task CutAndMendAsync(Participant participant)
    {
        await Host.CutConnectionAsync(participant.Transport);
        await Host.MendConnectionAsync(participant.Transport);
    }

    [ConformanceFact]
    public async Task CutViewer_Resumes_AndTheBroadcasterHearsNothingOfIt()
    {
        var (broadcaster, viewer) = await JoinBothAsync();

        await CutAndMendAsync(viewer);
        await viewer.SendAsync(new OfferMessage("as before"));
        await broadcaster.SendAsync(new AnswerMessage("as before") { Peer = viewer.Id });

        Assert.Equal(new OfferMessage("as before") { Peer = viewer.Id }, await broadcaster.NextAsync());
        Assert.Equal(new AnswerMessage("as before"), await viewer.NextAsync());
    }

    [ConformanceFact]
    public async Task CutBroadcaster_Resumes_AndViewersHearNothingOfIt()
    {
        var (broadcaster, viewer) = await JoinBothAsync();

        await CutAndMendAsync(broadcaster);
        await broadcaster.SendAsync(new CameraStateMessage(CameraState.Live));
        await viewer.SendAsync(new OfferMessage("as before"));

        Assert.Equal(new CameraStateMessage(CameraState.Live), await viewer.NextAsync());
        Assert.Equal(new OfferMessage("as before") { Peer = viewer.Id }, await broadcaster.NextAsync());
    }

    [ConformanceFact]
    public async Task WhatIsSaidWhileAViewerIsCut_ArrivesOnce_InOrder_BothWays()
    {
        var (broadcaster, viewer) = await JoinBothAsync();

        await Host.CutConnectionAsync(viewer.Transport);
        for (var i = 0; i < 100; i++)
        {
            await viewer.SendAsync(new CandidateMessage($"up {i}"));
            await broadcaster.SendAsync(new CandidateMessage($"down {i}") { Peer = viewer.Id });
        }

        await Host.MendConnectionAsync(viewer.Transport);
        await viewer.SendAsync(new EndOfCandidatesMessage());
        await broadcaster.SendAsync(new EndOfCandidatesMessage { Peer = viewer.Id });

        for (var i = 0; i < 100; i++)
        {
            Assert.Equal($"down {i}", (await viewer.NextAsync<CandidateMessage>()).Candidate);
            Assert.Equal($"up {i}", (await broadcaster.NextAsync<CandidateMessage>()).Candidate);
        }

        await viewer.NextAsync<EndOfCandidatesMessage>();
        await broadcaster.NextAsync<EndOfCandidatesMessage>();
    }

    [ConformanceFact]
    public async Task WhatHappensWhileABroadcasterIsCut_ReachesItAfterwards_InOrder()
    {
        var (broadcaster, viewer) = await JoinBothAsync();

        await Host.CutConnectionAsync(broadcaster.Transport);
        var second = await JoinAsync(SignalingRole.Viewer);
        await second.SendAsync(new OfferMessage("from the second"));
        await viewer.DisposeAsync();
        await Host.MendConnectionAsync(broadcaster.Transport);

        Assert.Equal(second.Id, (await broadcaster.NextAsync<PeerJoinedMessage>()).Peer);
        var others = new[] { await broadcaster.NextAsync(), await broadcaster.NextAsync() };
        Assert.Contains(new OfferMessage("from the second") { Peer = second.Id }, others);
        Assert.Contains(new PeerLeftMessage { Peer = viewer.Id }, others);
    }

    [ConformanceFact]
    public async Task CutAgainAndAgainInAStreamOfMessages_LosesAndDoublesNothing()
    {
        const int Count = 600;
        var (broadcaster, viewer) = await JoinBothAsync();
        using var ahead = new SemaphoreSlim(200);
        var sending = Task.Run(async () =>
        {
            for (var i = 0; i < Count; i++)
            {
                await ahead.WaitAsync();
                await viewer.SendAsync(new CandidateMessage($"{i}"));
                await broadcaster.SendAsync(new CandidateMessage($"{i}") { Peer = viewer.Id });
                if (i % 100 == 50)
                {
                    await CutAndMendAsync(i % 200 == 50 ? viewer : broadcaster);
                }
            }
        });
        var reading = Task.Run(async () =>
        {
            for (var i = 0; i < Count; i++)
            {
                Assert.Equal($"{i}", (await viewer.NextAsync<CandidateMessage>()).Candidate);
                ahead.Release();
            }
        });

        for (var i = 0; i < Count; i++)
        {
            Assert.Equal($"{i}", (await broadcaster.NextAsync<CandidateMessage>()).Candidate);
        }

        await Task.WhenAll(sending, reading);
    }

    [ConformanceFact]
    public async Task CutViewer_ThatDoesNotComeBack_IsReportedAfterTheGraceTime()
    {
        await RestartHostAsync(new SignalingTestSettings { ResumeTime = TimeSpan.FromMilliseconds(500) });
        var (broadcaster, viewer) = await JoinBothAsync();

        await Host.CutConnectionAsync(viewer.Transport);

        Assert.Equal(new PeerLeftMessage { Peer = viewer.Id }, await broadcaster.NextAsync());
        await Assert.ThrowsAsync<SignalingException>(viewer.MoveNextAsync);
    }

    [ConformanceFact]
    public async Task Resume_BySecret_GoesOnAndSendsWhatWasMissed()
    {
        var broadcaster = await JoinAsync(SignalingRole.Broadcaster);
        var hello = new HelloMessage("default", SignalingRole.Viewer) { Received = 0 };
        var (raw, welcome) = await JoinRawAsync(hello);
        await broadcaster.NextAsync<PeerJoinedMessage>();
        await broadcaster.SendAsync(new AnswerMessage("one") { Peer = welcome.PeerId });
        await broadcaster.SendAsync(new AnswerMessage("two") { Peer = welcome.PeerId });
        Assert.Equal(new AnswerMessage("one"), await raw.NextAsync());
        await raw.DisposeAsync();

        var (again, back) = await JoinRawAsync(hello with { Resume = welcome.Resume, Received = 1 });

        Assert.Equal((welcome.PeerId, (bool?)true), (back.PeerId, back.Resumed));
        Assert.Equal(new AnswerMessage("two"), await again.NextAsync());
    }

    [ConformanceFact]
    public async Task Resume_WhileTheOldConnectionSeemsAlive_TakesItsPlace()
    {
        var broadcaster = await JoinAsync(SignalingRole.Broadcaster);
        var hello = new HelloMessage("default", SignalingRole.Viewer) { Received = 0 };
        var (before, welcome) = await JoinRawAsync(hello);
        await broadcaster.NextAsync<PeerJoinedMessage>();

        var (after, back) = await JoinRawAsync(hello with { Resume = welcome.Resume });

        Assert.Equal(welcome.PeerId, back.PeerId);
        await before.ExpectEndAsync();
        await after.SendAsync(new OfferMessage("v=0"));
        Assert.Equal(new OfferMessage("v=0") { Peer = welcome.PeerId }, await broadcaster.NextAsync());
    }

    [ConformanceTheory]
    [InlineData("forged")]
    [InlineData("other stream")]
    [InlineData("other role")]
    [InlineData("counted too far")]
    public async Task Resume_ThatDoesNotFit_JoinsAnewAsSomebodyElse(string how)
    {
        var broadcaster = await JoinAsync(SignalingRole.Broadcaster);
        var hello = new HelloMessage("default", SignalingRole.Viewer) { Received = 0 };
        var (raw, welcome) = await JoinRawAsync(hello);
        await broadcaster.NextAsync<PeerJoinedMessage>();

        var attempt = how switch
        {
            "forged" => hello with { Resume = new string('a', 32) },
            "other stream" => hello with { Resume = welcome.Resume, Stream = "elsewhere" },
            "other role" => hello with { Resume = welcome.Resume, Role = SignalingRole.Broadcaster, Stream = "elsewhere" },
            _ => hello with { Resume = welcome.Resume, Received = 1000 },
        };
        var (_, other) = await JoinRawAsync(attempt);

        Assert.NotEqual(welcome.PeerId, other.PeerId);
        Assert.NotEqual(welcome.Resume, other.Resume);
        Assert.Null(other.Resumed);
        if (how != "counted too far")
        {
            await raw.SendAsync(new OfferMessage("still me"));
            Assert.Equal(new OfferMessage("still me") { Peer = welcome.PeerId }, await broadcaster.FindAsync<OfferMessage>());
        }
    }

    [ConformanceFact]
    public async Task NewBroadcaster_TakesThePlaceOfOneThatIsCut()
    {
        var hello = new HelloMessage("default", SignalingRole.Broadcaster) { Received = 0 };
        var (crashed, welcome) = await JoinRawAsync(hello);
        await crashed.DisposeAsync();
        var viewer = await JoinAsync(SignalingRole.Viewer);

        Participant? next = null;
        while (next is null)
        {
            try
            {
                next = await JoinAsync(SignalingRole.Broadcaster);
            }
            catch (SignalingException e) when (e.Code == "P2P2003")
            {
                // The host has not noticed yet.
            }
        }

        Assert.Equal(viewer.Id, (await next.NextAsync<PeerJoinedMessage>()).Peer);
        Assert.True((await viewer.NextAsync<CameraStateMessage>()).Unheard);
        var late = await OpenRawAsync();
        await late.SendAsync(hello with { Resume = welcome.Resume });
        Assert.Equal("P2P2003", (await late.NextAsync<ErrorMessage>()).Code);
    }
}

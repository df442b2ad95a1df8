using Xunit;

namespace P2PCam.SignalingConformance;

#pragma warning disable CS1591 // The name of a case is its sentence.

public abstract partial class SignalingConformanceTests
{
    /// <summary>An offer whose JSON has this many bytes.</summary>
    private static OfferMessage OfferOf(int bytes) => new(new string('x', bytes - SignalingJson.Serialize(new OfferMessage("")).Length));

    [ConformanceFact]
    public async Task Message_AsLargeAsItMayBe_Arrives()
    {
        var (broadcaster, viewer) = await JoinBothAsync();
        var offer = OfferOf(SignalingLimits.MaxMessageBytes - PeerField);

        await viewer.SendAsync(offer);

        Assert.Equal(offer with { Peer = viewer.Id }, await broadcaster.NextAsync());
    }

    // The host adds whom a message is from.
    private static readonly int PeerField = SignalingJson.Serialize(new OfferMessage("") { Peer = new string('0', 32) }).Length - SignalingJson.Serialize(new OfferMessage("")).Length;

    [ConformanceFact]
    public async Task Message_OneByteLarger_IsRefusedWhereItIsSent_AndTheConnectionLives()
    {
        var (broadcaster, viewer) = await JoinBothAsync();

        Assert.Equal("P2P2008", await CodeOfAsync(() => viewer.SendAsync(OfferOf(SignalingLimits.MaxMessageBytes + 1)).AsTask()));

        await viewer.SendAsync(new OfferMessage("small"));
        Assert.Equal("small", (await broadcaster.NextAsync<OfferMessage>()).Sdp);
    }

    [ConformanceFact]
    public async Task Message_FarTooLarge_EndsItsSendersConnectionOnly()
    {
        var (broadcaster, viewer) = await JoinBothAsync();
        var (raw, _) = await JoinRawAsync(new HelloMessage("default", SignalingRole.Viewer));
        await broadcaster.NextAsync<PeerJoinedMessage>();

        try
        {
            await raw.SendAsync(OfferOf(4 * 1024 * 1024));
        }
        catch (SignalingException)
        {
            // The host may hang up while this is still being sent.
        }

        await raw.ExpectEndAsync();
        await viewer.SendAsync(new OfferMessage("still here"));
        Assert.Equal("still here", (await broadcaster.FindAsync<OfferMessage>()).Sdp);
    }

    [ConformanceFact]
    public async Task Reader_ThatDoesNotRead_IsCutOff_AndNobodyElseNotices()
    {
        var (broadcaster, stalled) = await JoinBothAsync();
        var viewer = await JoinAsync(SignalingRole.Viewer);
        await broadcaster.NextAsync<PeerJoinedMessage>();

        var left = broadcaster.NextAsync<PeerLeftMessage>();
        for (var i = 0; !left.IsCompleted; i++)
        {
            await broadcaster.SendAsync(new CandidateMessage($"{i}") { Peer = stalled.Id });
            await broadcaster.SendAsync(new CandidateMessage($"{i}") { Peer = viewer.Id });
            Assert.Equal($"{i}", (await viewer.NextAsync<CandidateMessage>()).Candidate);
        }

        Assert.Equal(stalled.Id, (await left).Peer);
        await viewer.SendAsync(new OfferMessage("still here"));
        Assert.Equal("still here", (await broadcaster.NextAsync<OfferMessage>()).Sdp);
    }

    [ConformanceFact]
    public async Task Send_Cancelled_SendsNothing()
    {
        var (broadcaster, viewer) = await JoinBothAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => viewer.Transport.SendAsync(new OfferMessage("no"), new CancellationToken(true)).AsTask());

        await viewer.SendAsync(new OfferMessage("yes"));
        Assert.Equal("yes", (await broadcaster.NextAsync<OfferMessage>()).Sdp);
    }

    [ConformanceFact]
    public async Task Read_Cancelled_LosesNothing()
    {
        var (broadcaster, viewer) = await JoinBothAsync();
        using var cancel = new CancellationTokenSource();
        await using var reading = viewer.Transport.ReadAllAsync(cancel.Token).GetAsyncEnumerator(CancellationToken.None);
        var next = reading.MoveNextAsync().AsTask();

        await cancel.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => next.WaitAsync(Participant.Limit));

        await broadcaster.SendAsync(new AnswerMessage("after that") { Peer = viewer.Id });
        Assert.Equal(new AnswerMessage("after that"), await new Participant(viewer.Transport).NextAsync());
    }

    [ConformanceFact]
    public async Task BeforeConnect_SendingAndReadingSayWhatToDo()
    {
        var transport = Host.CreateTransport();
        _things.Add(transport);

        Assert.Equal("P2P2001", await CodeOfAsync(() => transport.SendAsync(new ByeMessage()).AsTask()));
        Assert.Equal("P2P2001", await CodeOfAsync(() => new Participant(transport).MoveNextAsync()));
    }
}

using System.Threading.Channels;

namespace P2PCam.AspNetCore.Whip;

/// <summary>
/// A viewer that came by HTTP: it speaks for it in signaling, over a link within this process. It is in the room until DELETE, or until the
/// broadcaster says that its media have ended.
/// </summary>
/// <param name="offer">What the POST carried.</param>
/// <param name="token">Its token or PIN.</param>
/// <param name="place">Its place among the connections.</param>
/// <param name="timeProvider">The clock.</param>
internal sealed class WhepViewer(string offer, string? token, IDisposable place, TimeProvider timeProvider) : HttpSession(offer, token)
{
    private const int MostUnread = 128;
    private static readonly TimeSpan AnswerLimit = TimeSpan.FromSeconds(8);
    private static readonly TimeSpan CameraLimit = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan CandidatesLimit = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan GoodbyeLimit = TimeSpan.FromSeconds(2);
    private readonly string? _token = token;
    private readonly Channel<SignalingMessage> _inbox = Channel.CreateBounded<SignalingMessage>(new BoundedChannelOptions(MostUnread) { FullMode = BoundedChannelFullMode.DropOldest });
    private readonly CancellationTokenSource _ending = new();
    private ISignalingLink? _link;
    private Task _serving = Task.CompletedTask;
    private Task _reading = Task.CompletedTask;
    private CameraState? _camera;
    private string? _session;
    private volatile bool _isWatching;
    private int _ended;

    /// <summary>Called once when it has ended, whoever ended it.</summary>
    public Action<WhepViewer>? Ended { get; init; }

    public IReadOnlyList<IceServer>? IceServers { get; private set; }

    public bool HasEnded => Volatile.Read(ref _ended) != 0;

    /// <summary>Opens the link; <paramref name="serve"/> carries its other end until it is closed.</summary>
    public void Serve(Func<ISignalingLink, Task> serve)
    {
        (_link, var server) = InMemoryLink.CreatePair();
        _serving = serve(server);
        _reading = ReadAsync();
    }

    /// <summary>Joins and offers; the answer, or why there is none.</summary>
    public async Task<(string? Answer, Problem? Problem)> JoinAsync(string stream, CancellationToken cancellationToken)
    {
        using var limit = LimitedTo(AnswerLimit, cancellationToken);
        try
        {
            await SendAsync(new HelloMessage(stream, SignalingRole.Viewer, Token: _token), limit.Token);
            while (await _inbox.Reader.ReadAsync(limit.Token) is var message && message is not WelcomeMessage)
            {
                if (message is ErrorMessage error)
                {
                    return (null, WhepRefusals.AtTheDoor(error));
                }
            }

            var (answer, problem) = await NegotiateAsync(Offer, limit.Token);
            _isWatching = answer is not null;
            _session = answer is null ? null : IceParameters.Read(answer)?.Session;
            return (answer, problem);
        }
        catch (Exception e) when (e is ChannelClosedException or SignalingException)
        {
            return (null, WhepRefusals.NoAnswer);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return (null, WhepRefusals.NoAnswer);
        }
    }

    public override async Task EndAsync()
    {
        try
        {
            await SendAsync(new ByeMessage("left"), CancellationToken.None);
            await _reading.WaitAsync(GoodbyeLimit, timeProvider);
        }
        catch (Exception e) when (e is SignalingException or TimeoutException)
        {
            // The room is closed already, or does not say goodbye: it will miss us.
        }

        await FinishAsync();
    }

    protected override async Task TrickleAsync(SdpFragment fragment, CancellationToken cancellationToken)
    {
        try
        {
            foreach (var candidate in fragment.Candidates)
            {
                await SendAsync(new CandidateMessage(candidate, IceParameters.Read(Offer)?.Mid), cancellationToken);
            }

            if (fragment.HasEndOfCandidates)
            {
                await SendAsync(new EndOfCandidatesMessage(), cancellationToken);
            }
        }
        catch (SignalingException)
        {
            // It is just ending; the next request finds no session.
        }
    }

    protected override async Task<PatchOutcome> RestartAsync(string offer, SdpFragment fragment, CancellationToken cancellationToken)
    {
        using var limit = LimitedTo(AnswerLimit, cancellationToken);
        try
        {
            var (answer, problem) = await NegotiateAsync(offer, limit.Token);
            if (answer is null || IceParameters.Read(answer) is not { } ice)
            {
                return new PatchOutcome { Problem = problem ?? WhepRefusals.NoAnswer };
            }

            if (ice.Session != _session)
            {
                // The broadcaster began another session, because it had given up this one: whoever asked would go on encrypting for that.
                _ = EndAsync();
                return new PatchOutcome { Problem = WhepRefusals.Over };
            }

            return new PatchOutcome { Fragment = SdpFragment.Format(ice.Ufrag, ice.Password, ice.Mid, ice.Candidates) };
        }
        catch (Exception e) when (e is ChannelClosedException or SignalingException)
        {
            return new PatchOutcome { Problem = WhepRefusals.NoAnswer };
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return new PatchOutcome { Problem = WhepRefusals.NoAnswer };
        }
    }

    /// <summary>Offers, and waits for the whole answer: candidates cannot follow it later.</summary>
    private async Task<(string? Answer, Problem? Problem)> NegotiateAsync(string offer, CancellationToken cancellationToken)
    {
        await SendAsync(new OfferMessage(offer), cancellationToken);
        string? answer = null;
        while (answer is null)
        {
            switch (await _inbox.Reader.ReadAsync(cancellationToken))
            {
                case AnswerMessage message:
                    answer = message.Sdp;
                    break;
                case ErrorMessage error:
                    return (null, WhepRefusals.ByTheBroadcaster(error));
                case CameraStateMessage camera:
                    _camera = camera.State;
                    if (camera.Unheard)
                    {
                        return (null, WhepRefusals.NoCamera);
                    }

                    break;
            }
        }

        var candidates = await ReadCandidatesAsync(cancellationToken);
        return _camera == CameraState.Offline && !await IsBackAsync(cancellationToken)
            ? (null, WhepRefusals.NoCamera)
            : (IceParameters.Add(answer, candidates), null);
    }

    private async Task<List<string>> ReadCandidatesAsync(CancellationToken cancellationToken)
    {
        var candidates = new List<string>();
        await ReadForAsync(CandidatesLimit, message =>
        {
            if (message is CandidateMessage { Candidate.Length: > 0 } candidate)
            {
                candidates.Add(candidate.Candidate);
            }

            return message is EndOfCandidatesMessage;
        }, cancellationToken);
        return candidates;
    }

    /// <summary>A camera that is opened only when somebody comes needs a moment.</summary>
    private Task<bool> IsBackAsync(CancellationToken cancellationToken) =>
        ReadForAsync(CameraLimit, message => message is CameraStateMessage { State: not CameraState.Offline }, cancellationToken);

    private async Task<bool> ReadForAsync(TimeSpan time, Func<SignalingMessage, bool> isEnough, CancellationToken cancellationToken)
    {
        using var limit = LimitedTo(time, cancellationToken);
        try
        {
            while (true)
            {
                var message = await _inbox.Reader.ReadAsync(limit.Token);
                _camera = message is CameraStateMessage camera ? camera.State : _camera;
                if (isEnough(message))
                {
                    return true;
                }
            }
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return false;
        }
    }

    private CancellationTokenSource LimitedTo(TimeSpan time, CancellationToken cancellationToken)
    {
        // The timer ends by itself.
        var timer = new CancellationTokenSource(time, timeProvider);
        return CancellationTokenSource.CreateLinkedTokenSource(timer.Token, cancellationToken);
    }

    private ValueTask SendAsync(SignalingMessage message, CancellationToken cancellationToken) =>
        _link!.SendAsync(SignalingJson.Serialize(message), cancellationToken);

    private async Task ReadAsync()
    {
        try
        {
            while (await _link!.ReceiveAsync(_ending.Token) is { } json)
            {
                if (SignalingJson.TryParse(json.Span, out var message, out _))
                {
                    Take(message);
                }
            }
        }
        catch (Exception e) when (e is SignalingException or OperationCanceledException)
        {
            // The link is gone, and with it the place in the room.
        }

        _inbox.Writer.TryComplete();
        _ = FinishAsync();
    }

    private void Take(SignalingMessage message)
    {
        IceServers = message is WelcomeMessage welcome ? welcome.IceServers : IceServers;
        _inbox.Writer.TryWrite(message);

        // Its media are over, or nobody is left who would say so.
        if (message is ByeMessage || (_isWatching && message is CameraStateMessage { Unheard: true }))
        {
            _ending.Cancel();
        }
    }

    private async Task FinishAsync()
    {
        if (Interlocked.Exchange(ref _ended, 1) != 0)
        {
            return;
        }

        Ended?.Invoke(this);
        await _link!.CloseAsync(null, CancellationToken.None);
        try
        {
            await _serving.WaitAsync(GoodbyeLimit, timeProvider);
        }
        catch (TimeoutException)
        {
            await _link.DisposeAsync();
            await _serving;
        }

        place.Dispose();
        await _ending.CancelAsync();
    }
}

using System.Diagnostics.CodeAnalysis;
using System.Threading.Channels;
using P2PCam.Broadcasting;

namespace P2PCam;

/// <summary>A participant's own end of its session: opened by a hello, carried on over new links after breaks, ended by either side.</summary>
/// <param name="dial">Opens a link and shakes hands on it by calling back to <see cref="HandshakeAsync"/>.</param>
/// <param name="join">Who joins what.</param>
/// <param name="connectTimeout">For one attempt.</param>
/// <param name="timeProvider">The clock.</param>
/// <param name="where">What is dialled, for messages.</param>
internal sealed class SignalingClientSession(
    Func<SignalingClientSession, HelloMessage, CancellationToken, Task<ISignalingLink>> dial, SignalingJoin join, TimeSpan connectTimeout, TimeProvider timeProvider, string? where = null)
    : IAsyncDisposable
{
    private const int MostUnread = 4 * SignalingLimits.MaxQueuedMessages;
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan LeaveLimit = TimeSpan.FromSeconds(2);
    private readonly CancellationTokenSource _ending = new();
    private readonly Channel<SignalingMessage> _inbox = Channel.CreateBounded<SignalingMessage>(MostUnread);
    private SignalingChannel _channel = new(SignalingLimits.MaxQueuedMessages, timeProvider);
    private WelcomeMessage? _welcome;
    private ISignalingLink? _link;
    private Task _running = Task.CompletedTask;
    private volatile bool _isLeaving;

    /// <summary>The first hello; its failure is the caller's.</summary>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        var link = await OpenAsync(cancellationToken);
        Volatile.Write(ref _link, link);
        _running = Task.Run(() => RunAsync(link), CancellationToken.None);
    }

    public async ValueTask SendAsync(SignalingMessage message, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var json = SignalingJson.Serialize(message);
        if (json.Length > SignalingLimits.MaxMessageBytes)
        {
            throw SignalingErrors.TooLarge(json.Length);
        }

        while (true)
        {
            var outbox = Volatile.Read(ref _channel).Outbox;
            var changed = outbox.Changed;
            if (_running.IsCompleted || _isLeaving)
            {
                throw SignalingErrors.Closed();
            }

            if (outbox.TryAdd(json))
            {
                return;
            }

            await Task.WhenAny(changed, _running).WaitAsync(cancellationToken);
        }
    }

    public ValueTask<bool> WaitToReadAsync(CancellationToken cancellationToken) => _inbox.Reader.WaitToReadAsync(cancellationToken);

    public bool TryRead([NotNullWhen(true)] out SignalingMessage? message)
    {
        if (!_inbox.Reader.TryRead(out message))
        {
            return false;
        }

        if (message is not WelcomeMessage)
        {
            Volatile.Read(ref _channel).Consume();
        }

        return true;
    }

    /// <summary>Hello and welcome on a fresh link.</summary>
    public async Task<ISignalingLink> HandshakeAsync(ISignalingLink link, HelloMessage hello, CancellationToken cancellationToken)
    {
        try
        {
            await link.SendAsync(SignalingJson.Serialize(hello), cancellationToken);
            var answer = await link.ReceiveAsync(cancellationToken);
            SignalingMessage? message = null;
            if (answer is { } json && !SignalingJson.TryParse(json.Span, out message, out var error))
            {
                throw SignalingErrors.NoWelcome($"something else ({Words.Clause(error)})");
            }

            Take(message switch
            {
                WelcomeMessage { Version: SignalingLimits.ProtocolVersion } welcome => welcome,
                WelcomeMessage other => throw new SignalingException("P2P2013", $"The server speaks version {other.Version} of the protocol, this program version {SignalingLimits.ProtocolVersion}; update the older one."),
                ErrorMessage refusal => throw SignalingErrors.Refused(refusal),
                null => throw SignalingErrors.NoWelcome(null),
                _ => throw SignalingErrors.NoWelcome("another message"),
            });
            return link;
        }
        catch
        {
            await link.DisposeAsync();
            throw;
        }
    }

    public ValueTask BreakAsync() => Volatile.Read(ref _link)?.DisposeAsync() ?? ValueTask.CompletedTask;

    public async ValueTask DisposeAsync()
    {
        _isLeaving = true;
        _channel.Outbox.Complete();
        try
        {
            await _running.WaitAsync(LeaveLimit);
        }
        catch (TimeoutException)
        {
            // The host does not take our goodbye; it will miss us.
        }

        await _ending.CancelAsync();
        await _running;
        _inbox.Writer.TryComplete();
        _ending.Dispose();
    }

    private async Task<ISignalingLink> OpenAsync(CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(connectTimeout);
        var hello = new HelloMessage(join.Stream, join.Role) { Resume = _welcome?.Resume, Received = _channel.Received };
        try
        {
            return await dial(this, hello, limit.Token);
        }
        catch (OperationCanceledException e) when (!cancellationToken.IsCancellationRequested)
        {
            throw SignalingErrors.Silent(where, connectTimeout, e);
        }
    }

    /// <summary>Goes on where the session was, or begins a new one if the host does not know it any more.</summary>
    private void Take(WelcomeMessage welcome)
    {
        var resumed = _welcome is not null && welcome.Resumed == true && _channel.Outbox.TryRewind(welcome.Received ?? 0);
        if (!resumed)
        {
            if (_welcome is not null)
            {
                var before = _channel;
                Volatile.Write(ref _channel, new SignalingChannel(SignalingLimits.MaxQueuedMessages, timeProvider));
                before.Outbox.Nudge();
            }

            Deliver(welcome);
        }

        _channel.Outbox.IsConfirmed = welcome.Received is not null;
        _welcome = welcome;
        if (_isLeaving)
        {
            _channel.Outbox.Complete();
        }
    }

    private async Task RunAsync(ISignalingLink link)
    {
        Exception? end = null;
        try
        {
            while (await RunLinkAsync(link) is { } broke)
            {
                link = await ReopenAsync(broke);
            }
        }
        catch (OperationCanceledException)
        {
            // Disposed.
        }
        catch (Exception e)
        {
            end = e as SignalingException ?? new SignalingException(SignalingErrors.BrokenCode, $"The signaling connection broke: {Words.Sentence(e.Message)}", e);
        }

        _inbox.Writer.TryComplete(_isLeaving ? null : end);
    }

    /// <summary>Null after a goodbye, else why the link broke.</summary>
    private async Task<SignalingException?> RunLinkAsync(ISignalingLink link)
    {
        Volatile.Write(ref _link, link);
        try
        {
            await _channel.RunAsync(link, Deliver, left: null, _ending.Token);
            return null;
        }
        catch (SignalingException e) when (e.Code == SignalingErrors.BrokenCode)
        {
            return e;
        }
        finally
        {
            await link.DisposeAsync();
        }
    }

    private async Task<ISignalingLink> ReopenAsync(SignalingException broke)
    {
        if (_welcome?.Resume is null || _isLeaving)
        {
            throw broke;
        }

        var keptFor = TimeSpan.FromSeconds(_welcome.ResumeSeconds ?? 0);
        var brokeAt = timeProvider.GetTimestamp();
        var pauses = new Backoff(FirstPause, LongestPause);
        while (true)
        {
            try
            {
                return await OpenAsync(_ending.Token);
            }
            catch (SignalingException e) when (!e.IsRefusal && !_isLeaving && timeProvider.GetElapsedTime(brokeAt) < keptFor)
            {
                await Task.Delay(pauses.Next(), timeProvider, _ending.Token);
            }
        }
    }

    private void Deliver(SignalingMessage message)
    {
        if (!_inbox.Writer.TryWrite(message))
        {
            throw new SignalingException("P2P2007", $"More than {MostUnread} signaling messages wait unread; the connection is closed.");
        }
    }
}

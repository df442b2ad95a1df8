using System.Runtime.CompilerServices;

namespace P2PCam;

/// <summary>
/// Makes a transport of links: says hello, waits for the welcome, and when a link breaks opens another and resumes the session, for as long as
/// the host keeps it (30 s). Reading and sending go on meanwhile as if nothing had happened. A transport of your own overrides
/// <see cref="OpenAsync"/>; docs/own-transport.md shows one.
/// </summary>
/// <param name="name">A short name for logs and metrics, such as <c>websocket</c>.</param>
/// <param name="timeProvider">The clock; null takes the system's.</param>
public abstract class SignalingTransport(string name, TimeProvider? timeProvider = null) : ISignalingTransport
{
    private SignalingClientSession? _session;
    private bool _isDisposed;

    /// <inheritdoc />
    public string Name { get; } = name;

    /// <summary>How long opening a link and the host's welcome may take. 15 s unless overridden.</summary>
    protected virtual TimeSpan ConnectTimeout => TimeSpan.FromSeconds(15);

    /// <summary>Host and port that are dialled, for messages; null where there are none.</summary>
    internal virtual string? Where => null;

    /// <inheritdoc />
    public async Task ConnectAsync(SignalingJoin join, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(join);
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        cancellationToken.ThrowIfCancellationRequested();
        if (!SignalingLimits.IsStreamName(join.Stream))
        {
            throw SignalingErrors.NotAStreamName();
        }

        await LeaveAsync();
        var session = new SignalingClientSession(
            async (dial, hello, limit) => await dial.HandshakeAsync(await OpenAsync(limit), hello with { Token = await GetAccessTokenAsync(join, limit) }, limit),
            join,
            ConnectTimeout,
            timeProvider ?? TimeProvider.System,
            Where);
        await session.StartAsync(cancellationToken);
        _session = session;
    }

    /// <inheritdoc />
    public ValueTask SendAsync(SignalingMessage message, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(message);
        return (_session ?? throw SignalingErrors.NotConnected()).SendAsync(message, cancellationToken);
    }

    /// <inheritdoc />
    public async IAsyncEnumerable<SignalingMessage> ReadAllAsync([EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        var session = _session ?? throw SignalingErrors.NotConnected();
        while (await session.WaitToReadAsync(cancellationToken))
        {
            while (session.TryRead(out var message))
            {
                yield return message;
            }
        }
    }

    /// <summary>Leaves, after what was sent has left, and releases everything.</summary>
    public async ValueTask DisposeAsync()
    {
        _isDisposed = true;
        await LeaveAsync();
        GC.SuppressFinalize(this);
    }

    /// <summary>Opens a link to the host: at first, and again whenever the one before broke.</summary>
    /// <exception cref="SignalingException">The host is not reachable (P2P2002).</exception>
    protected abstract Task<ISignalingLink> OpenAsync(CancellationToken cancellationToken);

    /// <summary>What to show the host, asked for at each hello; the join's own token unless overridden.</summary>
    protected virtual ValueTask<string?> GetAccessTokenAsync(SignalingJoin join, CancellationToken cancellationToken) =>
        ValueTask.FromResult(join?.AccessToken);

    /// <summary>Drops the link as a broken network would; the session goes on. For tests.</summary>
    internal ValueTask BreakAsync() => _session?.BreakAsync() ?? ValueTask.CompletedTask;

    private async Task LeaveAsync()
    {
        if (Interlocked.Exchange(ref _session, null) is { } session)
        {
            await session.DisposeAsync();
        }
    }
}

namespace P2PCam.Broadcasting;

/// <summary>
/// Says whether there is a picture, to everybody when that changes and to each viewer that joins. The state is read only when its turn to be sent
/// has come, so that the last word on each transport is what holds, whoever had it said.
/// </summary>
internal sealed class CameraAnnouncer(
    IReadOnlyList<ISignalingTransport> transports, Func<CameraState> state, Func<ISignalingTransport, SignalingMessage, CancellationToken, ValueTask> send) : IDisposable
{
    private readonly Dictionary<ISignalingTransport, SemaphoreSlim> _turns = transports.Distinct().ToDictionary(transport => transport, _ => new SemaphoreSlim(1, 1));
    private volatile bool _isStopping;

    public async ValueTask AnnounceAsync(string? description, CancellationToken cancellationToken)
    {
        foreach (var transport in transports)
        {
            await SendAsync(transport, null, description, cancellationToken);
        }
    }

    public ValueTask TellAsync(ISignalingTransport transport, string peer, CancellationToken cancellationToken) => SendAsync(transport, peer, null, cancellationToken);

    /// <summary>From now on there is no picture, whatever the source does.</summary>
    public ValueTask AnnounceStopAsync(string description, CancellationToken cancellationToken)
    {
        _isStopping = true;
        return AnnounceAsync(description, cancellationToken);
    }

    public void Dispose()
    {
        foreach (var turn in _turns.Values)
        {
            turn.Dispose();
        }
    }

    private async ValueTask SendAsync(ISignalingTransport transport, string? peer, string? description, CancellationToken cancellationToken)
    {
        var turn = _turns[transport];
        await turn.WaitAsync(cancellationToken);
        try
        {
            var now = _isStopping ? CameraState.Offline : state();
            await send(transport, new CameraStateMessage(now, now == CameraState.Live ? null : description) { Peer = peer }, cancellationToken);
        }
        finally
        {
            turn.Release();
        }
    }
}

using System.Runtime.CompilerServices;

namespace P2PCam;

/// <summary>A connection to the rooms of an <see cref="InMemorySignaling"/>.</summary>
internal sealed class InMemorySignalingTransport(InMemorySignaling hub, string name) : ISignalingTransport
{
    private InMemoryParticipant? _self;
    private bool _disposed;

    public string Name { get; } = name;

    public Task ConnectAsync(SignalingJoin join, CancellationToken cancellationToken = default)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        cancellationToken.ThrowIfCancellationRequested();
        if (!SignalingLimits.IsStreamName(join.Stream))
        {
            throw new SignalingException("P2P2004", "A stream name has 1 to 64 letters, digits, '-', '_' or '.'.");
        }

        Leave();
        var self = new InMemoryParticipant(join, Name);
        hub.Join(self);
        _self = self;
        return Task.CompletedTask;
    }

    public ValueTask SendAsync(SignalingMessage message, CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var self = _self ?? throw NotConnected();
        hub.Route(self, message);
        return ValueTask.CompletedTask;
    }

    public async IAsyncEnumerable<SignalingMessage> ReadAllAsync([EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        var self = _self ?? throw NotConnected();
        await foreach (var message in self.Inbox.ReadAllAsync(cancellationToken))
        {
            yield return message;
        }
    }

    public ValueTask DisposeAsync()
    {
        _disposed = true;
        Leave();
        return ValueTask.CompletedTask;
    }

    private void Leave()
    {
        if (Interlocked.Exchange(ref _self, null) is { } self)
        {
            hub.Leave(self);
            self.Close();
        }
    }

    private static SignalingException NotConnected() => new("P2P2001", "Not connected: call ConnectAsync first, and again after the messages have ended.");
}

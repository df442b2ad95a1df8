using System.Security.Cryptography;
using System.Threading.Channels;

namespace P2PCam;

/// <summary>One end of an in-memory connection: its identity and its bounded inbox.</summary>
internal sealed class InMemoryParticipant(SignalingJoin join, string transportName)
{
    private readonly Channel<SignalingMessage> _inbox = Channel.CreateBounded<SignalingMessage>(
        new BoundedChannelOptions(InboxCapacity(join.Role)) { FullMode = BoundedChannelFullMode.Wait, SingleReader = true });

    /// <summary>128 random bits: another participant's id cannot be guessed.</summary>
    public string Id { get; } = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16));

    public SignalingJoin Join { get; } = join;

    public string TransportName { get; } = transportName;

    public ChannelReader<SignalingMessage> Inbox => _inbox.Reader;

    /// <summary>Puts a message into the inbox; a participant that lets it overflow is cut off, so that it cannot hold up the others.</summary>
    public void Deliver(SignalingMessage message)
    {
        if (!_inbox.Writer.TryWrite(message))
        {
            Close(new SignalingException("P2P2007", $"More than {InboxCapacity(Join.Role)} signaling messages wait unread; the connection is closed."));
        }
    }

    public void Close(Exception? error = null) => _inbox.Writer.TryComplete(error);

    // A broadcaster hears from all of its viewers at once.
    private static int InboxCapacity(SignalingRole role) =>
        role == SignalingRole.Broadcaster ? 64 * SignalingLimits.MaxQueuedMessages : SignalingLimits.MaxQueuedMessages;
}

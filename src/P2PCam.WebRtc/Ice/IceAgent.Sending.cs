using P2PCam.WebRtc.Wire;

namespace P2PCam.WebRtc.Ice;

/// <summary>What goes out.</summary>
internal sealed partial class IceAgent
{
    /// <summary>The next datagram to send, if there is one. Drain it after every other call.</summary>
    /// <param name="buffer">At least <see cref="IceLimits.MaxMessageSize"/> bytes.</param>
    /// <param name="length">How many of them were written.</param>
    /// <param name="local">The socket to send from.</param>
    /// <param name="remote">Where to.</param>
    /// <exception cref="ArgumentException">The buffer is too small.</exception>
    public bool PollTransmit(Span<byte> buffer, out int length, out TransportAddress local, out TransportAddress remote)
    {
        if (buffer.Length < IceLimits.MaxMessageSize)
        {
            throw new ArgumentException($"The buffer has {buffer.Length} bytes; {IceLimits.MaxMessageSize} are needed.", nameof(buffer));
        }

        length = 0;
        local = remote = default;
        if (!_transmits.TryDequeue(out var transmit))
        {
            return false;
        }

        local = transmit.Local;
        remote = transmit.Remote;
        length = transmit.Kind == IceTransmitKind.Check
            ? IceMessages.WriteCheck(buffer, transmit, _local, _remote!, TieBreaker)
            : IceMessages.WriteResponse(buffer, transmit, _local);
        Counters.ResponsesSent += transmit.Kind == IceTransmitKind.Check ? 0 : 1;
        return true;
    }

    private void Send(in IceTransmit transmit)
    {
        if (!_transmits.Enqueue(transmit))
        {
            Counters.LimitsHit++;
        }
    }
}

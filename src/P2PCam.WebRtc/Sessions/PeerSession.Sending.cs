using P2PCam.WebRtc.Wire;

namespace P2PCam.WebRtc.Sessions;

/// <summary>What goes out.</summary>
internal sealed partial class PeerSession
{
    /// <summary>Writes the next datagrams into <paramref name="buffer"/> (at least 2,048 bytes; 65,536 for whole frames); false when nothing is to be sent.</summary>
    public bool PollTransmit(TimeSpan now, Span<byte> buffer, out Transmit transmit)
    {
        _lastPolled = now;
        DrainDtls();
        if (_state != State.Closing && _ice.PollTransmit(buffer, out var length, out var local, out var remote))
        {
            transmit = new Transmit(local, remote, length, length);
            return true;
        }

        if (TryGetPath(out local, out remote))
        {
            if (TryFillSecured(now, buffer, out length, out var segmentSize))
            {
                transmit = new Transmit(local, remote, length, segmentSize);
                return true;
            }
        }

        if (_state == State.Closing)
        {
            End(_closeReason, null);
        }

        transmit = default;
        return false;
    }

    private bool TryFillSecured(TimeSpan now, Span<byte> buffer, out int length, out int segmentSize)
    {
        segmentSize = 0;
        if (!_ice.HasConsent)
        {
            DropFeedback(now, buffer);
            length = 0;
            return false;
        }

        if (_goodbyePending)
        {
            _goodbyePending = false;
            length = segmentSize = _sender!.WriteGoodbye(now, NtpNow(now), buffer);
            return true;
        }

        if (_dtls.PollTransmit(buffer, out length))
        {
            segmentSize = length;
            return true;
        }

        if (_state != State.Connected)
        {
            return false;
        }

        if (_receiver is not null && _receiver.PollFeedback(now, _ice.RoundTripTime, buffer, out length))
        {
            length = segmentSize = _outbound!.ProtectRtcp(buffer, length);
            return true;
        }

        if (_sender is null)
        {
            return false;
        }

        if (now >= _nextReport)
        {
            _nextReport = now + ReportInterval;
            length = segmentSize = _sender.WriteReport(now, NtpNow(now), buffer);
            if (length > 0)
            {
                return true;
            }
        }

        return _sender.TryFill(now, _feedback.RoundTripTime ?? _ice.RoundTripTime, buffer, out length, out segmentSize);
    }

    // Without consent nothing is sent but checks. What is due is made and thrown away, so that it is not due for ever.
    private void DropFeedback(TimeSpan now, Span<byte> buffer)
    {
        while (_receiver is not null && _state == State.Connected && _receiver.PollFeedback(now, _ice.RoundTripTime, buffer, out _))
        {
        }
    }

    // Media and DTLS go where ICE says. Before the first pair is selected, the handshake is answered on the path that its datagrams came by,
    // which an authenticated check has opened (RFC 8445 section 12).
    private bool TryGetPath(out TransportAddress local, out TransportAddress remote)
    {
        if (_ice.TryGetSelectedPair(out local, out remote))
        {
            return true;
        }

        (local, remote) = _dtlsPath ?? default;
        return _dtlsPath is not null && !_pathFound;
    }
}

using P2PCam.WebRtc.Dtls;
using P2PCam.WebRtc.Ice;
using P2PCam.WebRtc.Rtcp;
using P2PCam.WebRtc.Srtp;
using P2PCam.WebRtc.Wire;

namespace P2PCam.WebRtc.Sessions;

/// <summary>What comes in.</summary>
internal sealed partial class PeerSession
{
    /// <summary>Takes one datagram; false when it is not this session's. The bytes may be changed (decrypted in place).</summary>
    public bool HandleDatagram(TimeSpan now, in TransportAddress local, in TransportAddress remote, Span<byte> datagram)
    {
        if (_state is State.Closing or State.Closed)
        {
            return false;
        }

        switch (DatagramClassifier.Classify(datagram))
        {
            case DatagramKind.Stun:
                var outcome = _ice.HandleDatagram(now, local, remote, datagram);
                StartDtlsWhenAuthenticated(now, local, remote);
                DrainIce();
                return outcome is not StunOutcome.UnknownTransaction;
            case DatagramKind.Dtls when _ice.IsAuthenticatedPair(local, remote):
                _dtlsPath = (local, remote);
                _dtls.HandleDatagram(now, datagram);
                DrainDtls();
                return true;
            case DatagramKind.Rtp when _inbound is not null && _receiver is not null && _ice.IsAuthenticatedPair(local, remote):
                HandleRtp(now, local, remote, datagram);
                return true;
            case DatagramKind.Rtp when _state == State.Connecting && _receiver is not null && _ice.IsAuthenticatedPair(local, remote):
                _early.Add(now, datagram);
                return true;
            case DatagramKind.Rtcp when _inbound is not null && _ice.IsAuthenticatedPair(local, remote):
                HandleRtcp(now, datagram);
                return true;
            default:
                _rejected++;
                return false;
        }
    }

    private void StartDtlsWhenAuthenticated(TimeSpan now, in TransportAddress local, in TransportAddress remote)
    {
        if (_dtls.State == DtlsState.New && _ice.IsAuthenticatedPair(local, remote))
        {
            _dtls.Start(now);
        }
    }

    private void HandleRtcp(TimeSpan now, Span<byte> datagram)
    {
        if (_inbound!.UnprotectRtcp(datagram, out var length) != SrtpResult.Ok)
        {
            _rejected++;
            return;
        }

        if (_sender is not null && _feedback.Read(datagram[..length], NtpNow(now), _sender))
        {
            _events.Enqueue(new PeerSessionEvent(PeerSessionEventKind.KeyFrameNeeded));
        }

        if (_receiver is not null)
        {
            ReadSourceReports(now, datagram[..length]);
        }
    }

    private void HandleRtp(TimeSpan now, in TransportAddress local, in TransportAddress remote, Span<byte> datagram)
    {
        if (!TakeRtp(now, datagram))
        {
            return;
        }

        _ice.OnMedia(now, local, remote);
        if (_state == State.Connecting || _isSilent)
        {
            DrainIce();
        }
    }

    private bool TakeRtp(TimeSpan now, Span<byte> datagram)
    {
        if (_inbound!.UnprotectRtp(datagram, out var length) == SrtpResult.Ok)
        {
            _receiver!.HandleRtp(now, datagram[..length]);
            return true;
        }

        _rejected++;
        return false;
    }

    private void ReadSourceReports(TimeSpan now, ReadOnlySpan<byte> rtcp)
    {
        var reader = new RtcpCompoundReader(rtcp);
        while (reader.MoveNext())
        {
            if (reader.Current.Kind == RtcpPacketKind.SenderReport && SenderReport.TryParse(reader.Current, out var report))
            {
                _receiver!.HandleSenderReport(now, report.SenderSsrc, report.NtpTime);
            }
            else if (Goodbye.TryParse(reader.Current, out var goodbye))
            {
                for (var i = 0; i < goodbye.Count; i++)
                {
                    _receiver!.HandleGoodbye(now, goodbye.GetSource(i));
                }
            }
        }
    }
}

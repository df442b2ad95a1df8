using P2PCam.WebRtc.Dtls;
using P2PCam.WebRtc.Ice;
using P2PCam.WebRtc.Sending;

namespace P2PCam.WebRtc.Sessions;

/// <summary>From the first check to the end.</summary>
internal sealed partial class PeerSession
{
    private void DrainIce()
    {
        ConnectWhenReady();
        DrainRestarts();
        while (_ice.PollEvent(out var e))
        {
            if (_state is State.Closing or State.Closed)
            {
                continue;
            }

            switch (e.Kind)
            {
                case IceEventKind.SelectedPairChanged:
                    AskForKeyFrameAfterGap();
                    break;
                case IceEventKind.StateChanged:
                    OnIceState(e.State);
                    break;
            }
        }
    }

    private void OnIceState(IceState state)
    {
        switch (state)
        {
            case IceState.Disconnected:
                BecomeSilent();
                break;
            case IceState.Connected when _isSilent:
                _isSilent = false;
                _events.Enqueue(new PeerSessionEvent(PeerSessionEventKind.Reconnected));
                break;
            case IceState.Failed:
                End(_state == State.Connected ? PeerSessionCloseReason.ConsentExpired : PeerSessionCloseReason.IceFailed, null);
                break;
        }
    }

    // What left between the end of one path and the begin of the next is lost, and a peer that still speaks by the old one cannot ask for it.
    private void AskForKeyFrameAfterGap()
    {
        if (_isSilent && _sender is not null)
        {
            _events.Enqueue(new PeerSessionEvent(PeerSessionEventKind.KeyFrameNeeded));
        }
    }

    private void BecomeSilent()
    {
        if (_state == State.Connected && !_isSilent)
        {
            _isSilent = true;
            _events.Enqueue(new PeerSessionEvent(PeerSessionEventKind.Disconnected));
        }
    }

    private void DrainDtls()
    {
        while (_dtls.PollEvent(out var e))
        {
            if (_state is State.Closing or State.Closed)
            {
                continue;
            }

            switch (e.Kind)
            {
                case DtlsEventKind.Connected:
                    OnKeysAgreed(e.Keys!);
                    break;
                case DtlsEventKind.Failed:
                    End(e.Failure == DtlsFailure.FingerprintMismatch ? PeerSessionCloseReason.FingerprintMismatch : PeerSessionCloseReason.DtlsFailed, e.Text);
                    break;
                case DtlsEventKind.Closed:
                    End(PeerSessionCloseReason.PeerClosed, null);
                    break;
            }
        }
    }

    private void OnKeysAgreed(DtlsSrtpKeys keys)
    {
        _outbound = keys.CreateSender();
        _sender = _sending is null ? null : new VideoSender(_sending, _outbound);
        _inbound = keys.CreateReceiver();
        keys.Dispose();
        _events.Enqueue(new PeerSessionEvent(PeerSessionEventKind.KeysAgreed));
        _early.Replay((now, datagram) => TakeRtp(now, datagram));
        ConnectWhenReady();
    }

    // Keys alone are not enough: the peer may have checked us, and yet our own checks never came back. To send media needs its consent (RFC 7675); for
    // what comes in ICE decides as well, which hears of it.
    private void ConnectWhenReady()
    {
        if (_state != State.Connecting || !_ice.TryGetSelectedPair(out _, out _))
        {
            return;
        }

        if (!_pathFound)
        {
            _pathFound = true;
            _events.Enqueue(new PeerSessionEvent(PeerSessionEventKind.PathFound));
        }

        if (_inbound is not null)
        {
            _state = State.Connected;
            _events.Enqueue(new PeerSessionEvent(PeerSessionEventKind.Connected));
        }
    }

    /// <summary>Ends the session from this side: whoever is still there hears of it (BYE, close_notify), whatever the reason.</summary>
    private void BeginClosing(TimeSpan now, PeerSessionCloseReason reason)
    {
        _goodbyePending = _sender is not null;
        _closeReason = reason;
        _state = State.Closing;
        _dtls.Close(now);
    }

    private void End(PeerSessionCloseReason reason, string? detail)
    {
        _state = State.Closed;
        _events.Enqueue(new PeerSessionEvent(PeerSessionEventKind.Closed, reason, detail));
    }
}

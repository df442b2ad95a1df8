namespace P2PCam.Viewing;

/// <summary>One attempt at media after another: how it begins, runs out of time, fails, and what comes next.</summary>
internal sealed partial class WatchController
{
    private void StartAttempt()
    {
        DropLink();
        _retryAt = TimeSpan.MaxValue;
        var number = Interlocked.Increment(ref _attempts);
        try
        {
            _link = _context.OpenLink(number.ToString(System.Globalization.CultureInfo.InvariantCulture));
        }
        catch (P2PException e)
        {
            FailAttempt(e);
            return;
        }

        (_phase, _attemptStarted) = (Phase.Offered, Now);
        _deadline = _attemptStarted + (AnswerTimeout < _context.Options.ConnectTimeout ? AnswerTimeout : _context.Options.ConnectTimeout);
        _context.Send(new OfferMessage(_link.Offer));
    }

    private void DropLink()
    {
        _link?.Release();
        (_link, _phase, _isSick, _isUnheard, _awaitsReturn) = (null, Phase.None, false, false, false);
        (_deadline, _silentAt) = (TimeSpan.MaxValue, TimeSpan.MaxValue);
    }

    /// <summary>What had worked does not any more.</summary>
    private void Lose(string reason)
    {
        DropLink();
        if (!_connected.Task.IsCompleted && !_signalingUp)
        {
            // The first join's own signaling broke before anything came of it.
            _connected.TrySetException(new P2PException("P2P2202", $"Signaling was lost before the broadcaster answered: {Words.Sentence(reason)}"));
            End(reason);
        }
        else if (!_context.Options.Reconnect)
        {
            End(reason);
        }
        else if (IsOffline)
        {
            SetState(ViewerState.CameraOffline, reason);
            RetryLater();
        }
        else
        {
            SetState(ViewerState.Reconnecting, reason);
            if (_mayRetryAtOnce && _signalingUp)
            {
                _mayRetryAtOnce = false;
                StartAttempt();
            }
            else
            {
                _retryAt = Now + _delays.Next();
            }
        }
    }

    private void FailAttempt(string code, string text) => FailAttempt(new P2PException(code, text));

    private void FailAttempt(P2PException error)
    {
        _context.AttemptFailed?.Invoke(error.Code);
        DropLink();
        if (_connected.TrySetException(error) || !_context.Options.Reconnect)
        {
            End(error.Message);
        }
        else if (IsOffline)
        {
            RetryLater();
        }
        else
        {
            SetState(ViewerState.Reconnecting, error.Message);
            _retryAt = Now + _delays.Next();
        }
    }

    // Normally the broadcaster says when it is back; this is for the case that nobody told.
    private void RetryLater() => _retryAt = Now + _delays.Longest;

    private void End(string reason)
    {
        DropLink();
        _ended.TrySetResult(reason);
    }

    private void SetState(ViewerState state, string? reason)
    {
        if (_state != state)
        {
            _state = state;
            _context.StateChanged(state, reason);
        }
    }

    private void Arm()
    {
        var next = _deadline < _silentAt ? _deadline : _silentAt;
        next = _retryAt < next ? _retryAt : next;
        next = _offlineSettlesAt < next ? _offlineSettlesAt : next;
        var due = next == TimeSpan.MaxValue ? Timeout.InfiniteTimeSpan : next - Now;
        _timer.Change(next != TimeSpan.MaxValue && due < TimeSpan.Zero ? TimeSpan.Zero : due, Timeout.InfiniteTimeSpan);
    }

    private void OnAttemptTimeout()
    {
        _deadline = TimeSpan.MaxValue;
        switch (_phase)
        {
            case Phase.Offered:
                FailAttempt("P2P2202", $"The broadcaster did not answer within {Words.Duration(AnswerTimeout)}. Check that it runs, under this stream name.");
                break;
            case Phase.Answered:
                FailAttempt("P2P2204", $"No media path to the broadcaster within {Words.Duration(_context.Options.ConnectTimeout)}.");
                break;
            case Phase.Connected when !IsOffline:
                FailAttempt("P2P2205", $"The broadcaster is connected, but sent no picture within {Words.Duration(_context.Options.ConnectTimeout)}.");
                break;
        }
    }
}

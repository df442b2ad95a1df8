namespace P2PCam;

/// <summary>
/// What one end of a session has to say, numbered from 1. A message stays until the other end has confirmed it, so that after a break
/// the rest can be sent again. Bounded: in what waits to be sent, and in what is kept after that.
/// </summary>
/// <param name="capacity">How many messages may wait to be sent.</param>
internal sealed class SignalingOutbox(int capacity)
{
    /// <summary>Sent and not confirmed: as many may be under way to somebody who confirms, and are kept for somebody who does not.</summary>
    private const int Window = SignalingLimits.MaxQueuedMessages;
    private readonly Lock _gate = new();
    private readonly List<byte[]> _messages = [];
    private TaskCompletionSource _changed = NewSignal();
    private long _forgotten;
    private int _sent;
    private bool _isCompleted;
    private string? _errorCode;

    /// <summary>Whether the other end confirms; then no more than a window is sent ahead, which tells a slow reader whatever lies in between.</summary>
    public bool IsConfirmed { get; set; }

    /// <summary>Completes when something changes after this was read.</summary>
    public Task Changed
    {
        get
        {
            lock (_gate)
            {
                return _changed.Task;
            }
        }
    }

    /// <summary>Nothing will follow and all is sent; <paramref name="errorCode"/> says why, if by an error.</summary>
    public bool IsFinished(out string? errorCode)
    {
        lock (_gate)
        {
            errorCode = _errorCode;
            return _isCompleted && _sent == _messages.Count;
        }
    }

    /// <summary>Adds a message; false when too many wait, or nothing may follow.</summary>
    public bool TryAdd(byte[] message)
    {
        lock (_gate)
        {
            if (_isCompleted || _messages.Count - _sent >= capacity)
            {
                return false;
            }

            _messages.Add(message);
            Signal();
            return true;
        }
    }

    public bool TryTake(out ReadOnlyMemory<byte> message)
    {
        lock (_gate)
        {
            message = default;
            if (_sent == _messages.Count || (IsConfirmed && _sent >= Window))
            {
                return false;
            }

            message = _messages[_sent++];
            if (_sent > Window)
            {
                Forget(_sent - Window);
            }

            Signal();
            return true;
        }
    }

    /// <summary>The other end has this many of our messages.</summary>
    public void Confirm(long received)
    {
        lock (_gate)
        {
            if (received > _forgotten && received <= _forgotten + _sent)
            {
                Forget((int)(received - _forgotten));
                Signal();
            }
        }
    }

    /// <summary>On a new link: what the other end lacks is sent again. False when that is kept no more, or the number is invented.</summary>
    public bool TryRewind(long received)
    {
        lock (_gate)
        {
            if (received < _forgotten || received > _forgotten + _sent)
            {
                return false;
            }

            Forget((int)(received - _forgotten));
            _sent = 0;
            Signal();
            return true;
        }
    }

    /// <summary>Nothing may follow. What waits is still sent, unless <paramref name="insteadOfTheRest"/> takes its place.</summary>
    public void Complete(string? errorCode = null, byte[]? insteadOfTheRest = null)
    {
        lock (_gate)
        {
            if (_isCompleted)
            {
                return;
            }

            (_isCompleted, _errorCode) = (true, errorCode);
            if (insteadOfTheRest is not null)
            {
                _messages.RemoveRange(_sent, _messages.Count - _sent);
                _messages.Add(insteadOfTheRest);
                IsConfirmed = false;
            }

            Signal();
        }
    }

    /// <summary>Wakes whoever waits for a change: there is something else to send.</summary>
    public void Nudge()
    {
        lock (_gate)
        {
            Signal();
        }
    }

    private void Forget(int count)
    {
        _messages.RemoveRange(0, count);
        _forgotten += count;
        _sent -= count;
    }

    private void Signal()
    {
        var changed = _changed;
        _changed = NewSignal();
        changed.TrySetResult();
    }

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}

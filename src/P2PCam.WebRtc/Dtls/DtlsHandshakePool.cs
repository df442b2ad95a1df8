#pragma warning disable RS0030 // Dtls/ is the engine's one place with threads: BouncyCastle's handshakes block.

namespace P2PCam.WebRtc.Dtls;

/// <summary>
/// Threads on which handshakes run: a bounded number, made when first needed, and a bounded list of those that wait for one. A
/// handshake holds a thread from the first complete message until its end, mostly waiting for the peer, so there may well be more
/// threads than processors; that they are bounded keeps strangers from taking more.
/// </summary>
/// <remarks>
/// Two ends in one process want a pool each: clients that hold all threads would wait for servers that wait for a thread. A simulation
/// that is to repeat itself gives the pool as many threads as it has endpoints.
/// </remarks>
internal sealed class DtlsHandshakePool : IDisposable
{
    public const int DefaultThreads = 16;
    public const int DefaultWaiting = 256;
    private const int StackSize = 512 * 1024;
    private readonly object _gate = new();
    private readonly Queue<Action> _waiting = new();
    private readonly int _maxThreads;
    private readonly int _maxWaiting;
    private int _threads;
    private int _idle;
    private bool _disposed;

    /// <param name="threads">Handshakes at the same time, 1 to 1,024.</param>
    /// <param name="waiting">Handshakes that may wait for a thread, 0 to 65,536.</param>
    public DtlsHandshakePool(int threads = DefaultThreads, int waiting = DefaultWaiting)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(threads, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(threads, 1024);
        ArgumentOutOfRangeException.ThrowIfNegative(waiting);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(waiting, 65_536);
        _maxThreads = threads;
        _maxWaiting = waiting;
    }

    /// <summary>Runs a handshake as soon as a thread is free; false if too many wait already.</summary>
    public bool TrySubmit(Action handshake)
    {
        lock (_gate)
        {
            if (_disposed || _waiting.Count >= _idle + (_maxThreads - _threads) + _maxWaiting)
            {
                return false;
            }

            _waiting.Enqueue(handshake);
            if (_waiting.Count > _idle && _threads < _maxThreads)
            {
                _threads++;
                new Thread(Run, StackSize) { IsBackground = true, Name = "P2PCam DTLS handshake" }.Start();
            }

            Monitor.Pulse(_gate);
            return true;
        }
    }

    /// <summary>Takes no more handshakes; threads end with theirs. Dispose the endpoints first, which ends their handshakes.</summary>
    public void Dispose()
    {
        lock (_gate)
        {
            _disposed = true;
            _waiting.Clear();
            Monitor.PulseAll(_gate);
        }
    }

    private void Run()
    {
        while (true)
        {
            Action? handshake;
            lock (_gate)
            {
                _idle++;
                while (!_waiting.TryDequeue(out handshake) && !_disposed)
                {
                    Monitor.Wait(_gate);
                }

                _idle--;
                if (handshake is null)
                {
                    _threads--;
                    return;
                }
            }

            handshake();
        }
    }
}

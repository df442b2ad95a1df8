using System.Runtime.ExceptionServices;

namespace P2PCam.Codecs.Vp8.Encoding;

/// <summary>
/// The caller's thread and a fixed number of others that work with it and sleep in between. Nothing is allocated per piece of work; the threads
/// end on <see cref="Dispose"/>.
/// </summary>
internal sealed class WorkerTeam : IDisposable
{
    private readonly Lock _running = new();
    private readonly object _gate = new();
    private readonly Thread[] _threads;
    private ITeamWork? _work;
    private ExceptionDispatchInfo? _failure;
    private int _generation;
    private int _busy;
    private long _allocated;
    private bool _ended;

    /// <param name="size">Members, the caller included; 1 makes no thread.</param>
    public WorkerTeam(int size)
    {
        _threads = new Thread[size - 1];
        for (var i = 0; i < _threads.Length; i++)
        {
            var member = i + 1;
            _threads[i] = new Thread(() => Serve(member)) { IsBackground = true, Name = $"VP8 encoder {member}" };
            _threads[i].Start();
        }
    }

    public int Size => _threads.Length + 1;

    /// <summary>Bytes that the team's own threads have allocated while they worked.</summary>
    public long Allocated => Interlocked.Read(ref _allocated);

    /// <summary>Has every member do its part and returns when all have. What a member throws is thrown here.</summary>
    public void Run(ITeamWork work)
    {
        if (_threads.Length == 0)
        {
            work.Run(0);
            return;
        }

        // Encoders that share a team take turns.
        lock (_running)
        {
            lock (_gate)
            {
                (_work, _busy, _failure) = (work, _threads.Length, null);
                _generation++;
                Monitor.PulseAll(_gate);
            }

            RunGuarded(work, 0);
            lock (_gate)
            {
                while (_busy > 0)
                {
                    Monitor.Wait(_gate);
                }

                _work = null;
                _failure?.Throw();
            }
        }
    }

    public void Dispose()
    {
        lock (_gate)
        {
            _ended = true;
            Monitor.PulseAll(_gate);
        }

        foreach (var thread in _threads)
        {
            thread.Join();
        }
    }

    private void Serve(int member)
    {
        for (var done = 0; ;)
        {
            ITeamWork work;
            lock (_gate)
            {
                while (_generation == done && !_ended)
                {
                    Monitor.Wait(_gate);
                }

                if (_ended)
                {
                    return;
                }

                (work, done) = (_work!, _generation);
            }

            var before = GC.GetAllocatedBytesForCurrentThread();
            RunGuarded(work, member);
            Interlocked.Add(ref _allocated, GC.GetAllocatedBytesForCurrentThread() - before);
            lock (_gate)
            {
                if (--_busy == 0)
                {
                    Monitor.PulseAll(_gate);
                }
            }
        }
    }

    // A member's failure must reach the caller, whatever it is: on a thread of its own it would end the process.
#pragma warning disable CA1031
    private void RunGuarded(ITeamWork work, int member)
    {
        try
        {
            work.Run(member);
        }
        catch (Exception exception)
        {
            lock (_gate)
            {
                _failure ??= ExceptionDispatchInfo.Capture(exception);
            }

            work.Abort();
        }
    }
#pragma warning restore CA1031
}

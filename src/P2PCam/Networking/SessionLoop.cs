using System.Buffers;
using Microsoft.Extensions.Logging;
using P2PCam.WebRtc.Rtp.Payloads;
using P2PCam.WebRtc.Sessions;
using P2PCam.WebRtc.Wire;

namespace P2PCam.Networking;

/// <summary>
/// Drives all sessions of a broadcaster: one thread owns them, feeds them datagrams, frames and the time, and sends what they hand out.
/// The sessions themselves know no socket, clock or thread.
/// </summary>
internal sealed partial class SessionLoop : IDatagramSink, IAsyncDisposable
{
    // One run of datagrams for one viewer: what a single system call can carry (64 segments, 64 KiB).
    private const int SendBufferBytes = 65_536;
    private readonly Lock _gate = new();
    private readonly LoopMailbox _mailbox = new();
    private readonly SessionTable _sessions = new();
    private readonly Dictionary<TransportAddress, UdpEndpoint> _endpoints = [];
    private readonly List<DrivenSession> _closed = [];
    private readonly byte[] _sendBuffer = GC.AllocateUninitializedArray<byte>(SendBufferBytes, pinned: true);
    private readonly TimeProvider _timeProvider;
    private readonly long _startTimestamp;
    private readonly ITimer _timer;
    private readonly Thread _thread;
    private readonly ILogger _logger;
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private TimeSpan _armedFor = TimeSpan.MaxValue;
    private volatile bool _timerFired;
    private volatile bool _stopping;

    public SessionLoop(TimeProvider timeProvider, ILogger logger)
    {
        (_timeProvider, _logger) = (timeProvider, logger);
        _startTimestamp = timeProvider.GetTimestamp();
        ClockOrigin = timeProvider.GetUtcNow();
        _timer = timeProvider.CreateTimer(static state => ((SessionLoop)state!).OnTimer(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        _thread = new Thread(Run) { IsBackground = true, Name = "P2PCam sessions" };
    }

    /// <summary>The wall-clock time at which <see cref="Now"/> was zero.</summary>
    public DateTimeOffset ClockOrigin { get; }

    public TimeSpan Now => _timeProvider.GetElapsedTime(_startTimestamp);

    public void Start(IEnumerable<UdpEndpoint> endpoints)
    {
        foreach (var endpoint in endpoints)
        {
            _endpoints.Add(endpoint.Local, endpoint);
        }

        _thread.Start();
        foreach (var endpoint in _endpoints.Values)
        {
            endpoint.StartReceiving(this);
        }
    }

    /// <summary>Runs something on the loop, where sessions may be touched.</summary>
    public void Post(Action work) => _mailbox.PostWork(work);

    /// <summary>Hands one frame to all sessions; the loop takes over the caller's reference.</summary>
    public void PostFrame(PacketizedFrame frame) => _mailbox.PostFrame(frame);

    /// <summary>Called by handshake threads when a session has something to hand out.</summary>
    public void Wake() => _mailbox.Wake();

    /// <summary>Reads something of the sessions from another thread, between two turns of the loop.</summary>
    public T Snapshot<T>(Func<T> read)
    {
        lock (_gate)
        {
            return read();
        }
    }

    /// <summary>On the loop only: starts driving a session.</summary>
    public void Add(DrivenSession session) => _sessions.Add(session);

    public void OnDatagram(UdpEndpoint endpoint, in TransportAddress remote, ReadOnlySpan<byte> datagram) => _mailbox.PostDatagram(endpoint, remote, datagram);

    public async ValueTask DisposeAsync()
    {
        _stopping = true;
        _mailbox.Wake();
        if (_thread.IsAlive)
        {
            await _ended.Task;
        }

        foreach (var endpoint in _endpoints.Values)
        {
            await endpoint.DisposeAsync();
        }

        await _timer.DisposeAsync();
    }

    private void Run()
    {
        while (!_stopping)
        {
            try
            {
                RunOnce();
            }
            catch (Exception e)
            {
                // A defect in one place must not take all viewers down; it is loud in the log and the loop goes on.
                LogLoopFailed(e);
            }
        }

        _sessions.DisposeAll();
        _ended.TrySetResult();
    }

    private void RunOnce()
    {
        var items = _mailbox.WaitAndTake();
        lock (_gate)
        {
            Turn(items);
        }
    }

    private void Turn(List<LoopItem> items)
    {
        var now = Now;
        foreach (ref readonly var item in System.Runtime.InteropServices.CollectionsMarshal.AsSpan(items))
        {
            Handle(now, item);
        }

        now = Now;
        var next = TimeSpan.MaxValue;
        foreach (var driven in _sessions.All)
        {
            DriveIsolated(now, driven);
            next = driven.Session.NextTimeout < next ? driven.Session.NextTimeout : next;
        }

        RemoveClosed();
        ArmTimer(now, next);
    }

    private void Handle(TimeSpan now, in LoopItem item)
    {
        switch (item.Kind)
        {
            case LoopItemKind.Datagram:
                Dispatch(now, item);
                ArrayPool<byte>.Shared.Return(item.Buffer!);
                break;
            case LoopItemKind.Frame:
                foreach (var driven in _sessions.All)
                {
                    driven.Session.SendFrame(now, item.Frame!);
                }

                item.Frame!.Release();
                break;
            default:
                item.Work!();
                break;
        }
    }

    private void Dispatch(TimeSpan now, in LoopItem item)
    {
        try
        {
            _sessions.Dispatch(now, item.Endpoint!.Local, item.Remote, item.Buffer.AsSpan(0, item.Length));
        }
        catch (Exception e)
        {
            // The parsers are total; should one still throw, the datagram is lost and nobody else notices.
            LogDatagramFailed(e);
        }
    }

    private void DriveIsolated(TimeSpan now, DrivenSession driven)
    {
        try
        {
            Drive(now, driven);
        }
        catch (Exception e)
        {
            LogSessionFailed(e);
            driven.OnEvent(new PeerSessionEvent(PeerSessionEventKind.Closed, PeerSessionCloseReason.InternalError, e.Message));
            _closed.Add(driven);
        }
    }

    private void Drive(TimeSpan now, DrivenSession driven)
    {
        var session = driven.Session;
        if (session.NextTimeout <= now)
        {
            session.HandleTimeout(now);
        }

        while (session.PollTransmit(now, _sendBuffer, out var transmit))
        {
            if (_endpoints.TryGetValue(transmit.Local, out var endpoint))
            {
                endpoint.Send(_sendBuffer.AsSpan(0, transmit.Length), transmit.SegmentSize, transmit.Remote);
            }
        }

        while (session.PollFrame(out var frame))
        {
            driven.OnFrame(frame);
        }

        while (session.PollEvent(out var e))
        {
            driven.OnEvent(e);
            if (e.Kind == PeerSessionEventKind.Closed)
            {
                _closed.Add(driven);
            }
        }
    }

    private void RemoveClosed()
    {
        foreach (var driven in _closed)
        {
            _sessions.Remove(driven);
            driven.Session.Dispose();
        }

        _closed.Clear();
    }

    // Timers run on a coarser clock than ours and may fire some milliseconds early: then the same moment has to be armed for again.
    private void OnTimer()
    {
        _timerFired = true;
        _mailbox.Wake();
    }

    private void ArmTimer(TimeSpan now, TimeSpan next)
    {
        if (next == _armedFor && next > now && !_timerFired)
        {
            return;
        }

        _timerFired = false;
        _armedFor = next;
        var due = next == TimeSpan.MaxValue ? Timeout.InfiniteTimeSpan : next <= now ? TimeSpan.Zero : next - now + TimeSpan.FromMilliseconds(1);
        _timer.Change(due, Timeout.InfiniteTimeSpan);
    }

    [LoggerMessage(EventId = 1900, Level = LogLevel.Error, Message = "The session loop met an unexpected error and goes on.")]
    private partial void LogLoopFailed(Exception exception);

    [LoggerMessage(EventId = 1901, Level = LogLevel.Error, Message = "A session met an unexpected error and was closed.")]
    private partial void LogSessionFailed(Exception exception);

    [LoggerMessage(EventId = 1902, Level = LogLevel.Error, Message = "A datagram met an unexpected error and was dropped.")]
    private partial void LogDatagramFailed(Exception exception);
}

using System.Runtime.InteropServices;
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
    private static readonly TimeSpan ShortestWait = TimeSpan.FromMilliseconds(1);
    private readonly Lock _gate = new();
    private readonly LoopMailbox _mailbox = new();
    private readonly SessionTable _sessions = new();
    private readonly TimeoutHeap _timeouts = new();
    private readonly Lock _endpointGate = new();
    private readonly List<DrivenSession> _touched = new(64);
    private readonly List<DrivenSession> _due = new(64);
    private readonly List<DrivenSession> _closed = [];
    private readonly byte[] _sendBuffer = GC.AllocateUninitializedArray<byte>(SendBufferBytes, pinned: true);
    private readonly TimeProvider _timeProvider;
    private readonly long _startTimestamp;
    private readonly LoopAlarm? _alarm;
    private readonly Thread _thread;
    private readonly ILogger _logger;
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private volatile Dictionary<TransportAddress, UdpEndpoint> _endpoints = [];
    private IReadOnlyList<TransportAddress>? _locals;
    private volatile bool _stopping;

    public SessionLoop(TimeProvider timeProvider, ILogger logger)
    {
        (_timeProvider, _logger) = (timeProvider, logger);
        _startTimestamp = timeProvider.GetTimestamp();
        ClockOrigin = timeProvider.GetUtcNow();
        _alarm = ReferenceEquals(timeProvider, TimeProvider.System) ? null : new LoopAlarm(timeProvider, _mailbox.Wake);
        _thread = new Thread(Run) { IsBackground = true, Name = "P2PCam sessions" };
    }

    /// <summary>The wall-clock time at which <see cref="Now"/> was zero.</summary>
    public DateTimeOffset ClockOrigin { get; }

    public TimeSpan Now => _timeProvider.GetElapsedTime(_startTimestamp);

    public void Start(IEnumerable<UdpEndpoint> endpoints)
    {
        _thread.Start();
        foreach (var endpoint in endpoints)
        {
            Attach(endpoint);
        }
    }

    /// <summary>Takes over a socket, from now on and until <see cref="DetachAsync"/> or its own end.</summary>
    public void Attach(UdpEndpoint endpoint)
    {
        lock (_endpointGate)
        {
            _endpoints = new(_endpoints) { [endpoint.Local] = endpoint };
        }

        endpoint.StartReceiving(this);
    }

    /// <summary>Closes a socket whose address is no more; sessions that used it look for another way.</summary>
    /// <returns>Done when it is closed; never, if the loop ends first, which closes it as well.</returns>
    public Task DetachAsync(TransportAddress local)
    {
        var closed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        Post(() => Detach(local, closed));
        return closed.Task;
    }

    /// <summary>Tells sessions, those of now and those to come, where sockets are.</summary>
    public void SetLocalAddresses(IReadOnlyList<TransportAddress> locals) => Post(() =>
    {
        _locals = locals;
        foreach (var driven in _sessions.All)
        {
            driven.Session.SetLocalAddresses(Now, locals);
        }
    });

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
    public void Add(DrivenSession session)
    {
        _sessions.Add(session);
        if (_locals is not null)
        {
            session.Session.SetLocalAddresses(Now, _locals);
        }
    }

    public void OnDatagram(UdpEndpoint endpoint, in TransportAddress remote, ReadOnlySpan<byte> datagram) => _mailbox.PostDatagram(endpoint, remote, datagram);

    public async ValueTask DisposeAsync()
    {
        _stopping = true;
        _mailbox.Wake();
        if (_thread.IsAlive)
        {
            await _ended.Task;
        }

        Dictionary<TransportAddress, UdpEndpoint> left;
        lock (_endpointGate)
        {
            left = _endpoints;
        }

        foreach (var endpoint in left.Values)
        {
            await endpoint.DisposeAsync();
        }

        if (_alarm is not null)
        {
            await _alarm.DisposeAsync();
        }
    }

    private void Detach(TransportAddress local, TaskCompletionSource closed)
    {
        UdpEndpoint? endpoint;
        lock (_endpointGate)
        {
            var left = new Dictionary<TransportAddress, UdpEndpoint>(_endpoints);
            left.Remove(local, out endpoint);
            _endpoints = left;
        }

        foreach (var driven in _sessions.All)
        {
            driven.Session.LoseLocalAddress(Now, local);
        }

        // Its thread may take a moment to notice, and this one has sessions to drive.
        Task.Run(async () =>
        {
            await (endpoint?.DisposeAsync() ?? ValueTask.CompletedTask);
            closed.TrySetResult();
        });
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
        _timeouts.Clear();
        _ended.TrySetResult();
    }

    private void RunOnce()
    {
        var next = _timeouts.Next;
        _alarm?.Set(Now, next);

        // What is due was driven just now: should it be due again at once, the loop still must not spin.
        var left = next - Now;
        var limit = left > ShortestWait ? left : ShortestWait;
        var items = _mailbox.WaitAndTake(limit, out var woken);
        lock (_gate)
        {
            Turn(items, woken);
        }
    }

    // A datagram concerns one session, a timeout those that are due; only frames, work and handshakes concern all.
    private void Turn(List<LoopItem> items, bool woken)
    {
        var now = Now;
        foreach (ref readonly var item in CollectionsMarshal.AsSpan(items))
        {
            Handle(now, item, ref woken);
        }

        DriveTouched();
        DriveDue();
        if (woken)
        {
            DriveAll(null);
        }

        RemoveClosed();
    }

    private void Handle(TimeSpan now, in LoopItem item, ref bool touchesAll)
    {
        switch (item.Kind)
        {
            case LoopItemKind.Datagram:
                Dispatch(now, item);
                break;
            case LoopItemKind.Frame:
                DriveAll(item.Frame);
                item.Frame!.Release();
                break;
            default:
                item.Work!();
                touchesAll = true;
                break;
        }
    }

    private void Dispatch(TimeSpan now, in LoopItem item)
    {
        try
        {
            if (_sessions.Dispatch(now, item.Endpoint!.Local, item.Remote, _mailbox.BytesOf(item)) is { IsTouched: false } driven)
            {
                driven.IsTouched = true;
                _touched.Add(driven);
            }
        }
        catch (Exception e)
        {
            // The parsers are total; should one still throw, the datagram is lost and nobody else notices.
            LogDatagramFailed(e);
        }
    }

    private void DriveTouched()
    {
        foreach (var driven in _touched)
        {
            driven.IsTouched = false;
            DriveIsolated(driven, null);
        }

        _touched.Clear();
    }

    private void DriveDue()
    {
        var now = Now;
        while (_timeouts.TryTakeDue(now, out var driven))
        {
            _due.Add(driven);
        }

        foreach (var driven in _due)
        {
            DriveIsolated(driven, null);
        }

        _due.Clear();
    }

    private void DriveAll(PacketizedFrame? frame)
    {
        foreach (var driven in _sessions.All)
        {
            DriveIsolated(driven, frame);
        }
    }

    private void DriveIsolated(DrivenSession driven, PacketizedFrame? frame)
    {
        try
        {
            Drive(Now, driven, frame);
            _timeouts.Set(driven, driven.Session.NextTimeout);
        }
        catch (Exception e)
        {
            LogSessionFailed(e);
            driven.OnEvent(new PeerSessionEvent(PeerSessionEventKind.Closed, PeerSessionCloseReason.InternalError, e.Message));
            _closed.Add(driven);
        }
    }

    private void Drive(TimeSpan now, DrivenSession driven, PacketizedFrame? frame)
    {
        var session = driven.Session;
        if (session.NextTimeout <= now)
        {
            session.HandleTimeout(now);
        }

        if (frame is not null)
        {
            session.SendFrame(now, frame);
        }

        while (session.PollTransmit(now, _sendBuffer, out var transmit))
        {
            if (_endpoints.TryGetValue(transmit.Local, out var endpoint))
            {
                endpoint.Send(_sendBuffer.AsSpan(0, transmit.Length), transmit.SegmentSize, transmit.Remote);
            }
        }

        while (session.PollFrame(out var received))
        {
            driven.OnFrame(received);
        }

        while (session.PollEvent(out var e))
        {
            driven.OnEvent(e);
            switch (e.Kind)
            {
                case PeerSessionEventKind.IceRestarting:
                    _sessions.Name(driven);
                    break;
                case PeerSessionEventKind.Closed:
                    _closed.Add(driven);
                    break;
            }
        }
    }

    private void RemoveClosed()
    {
        foreach (var driven in _closed)
        {
            _timeouts.Remove(driven);
            _sessions.Remove(driven);
            driven.Session.Dispose();
        }

        _closed.Clear();
    }

    [LoggerMessage(EventId = 1900, Level = LogLevel.Error, Message = "The session loop met an unexpected error and goes on.")]
    private partial void LogLoopFailed(Exception exception);

    [LoggerMessage(EventId = 1901, Level = LogLevel.Error, Message = "A session met an unexpected error and was closed.")]
    private partial void LogSessionFailed(Exception exception);

    [LoggerMessage(EventId = 1902, Level = LogLevel.Error, Message = "A datagram met an unexpected error and was dropped.")]
    private partial void LogDatagramFailed(Exception exception);
}

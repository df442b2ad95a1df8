using System.Collections.Concurrent;
using System.Security.Cryptography;
using Microsoft.Extensions.Logging;

namespace P2PCam.AspNetCore.Signaling;

/// <summary>
/// Rooms shared by several instances: each room is kept by one of them, and the others relay the links of their participants to it. So
/// there is one broadcaster, one order and one session, whichever instance a connection arrives at. See docs/decisions/0008.
/// </summary>
internal sealed partial class ClusterRooms : ISignalingRooms, IAsyncDisposable
{
    private static readonly TimeSpan Lease = TimeSpan.FromSeconds(10);
    private readonly CancellationTokenSource _ending = new();
    private readonly ConcurrentDictionary<string, BackplaneLink> _links = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, HeldStream> _held = new(StringComparer.Ordinal);
    private readonly ISignalingRooms _rooms;
    private readonly InMemorySignaling _memory;
    private readonly ISignalingRoomDirectory _directory;
    private readonly Backplane _backplane;
    private readonly ILogger _logger;
    private readonly TimeProvider _timeProvider;
    private readonly Lazy<Task> _started;

    public ClusterRooms(InMemorySignaling rooms, ISignalingRoomDirectory directory, Backplane backplane, ILogger<ClusterRooms> logger, TimeProvider? timeProvider = null)
    {
        (_rooms, _memory, _directory, _backplane, _logger, _timeProvider) = (rooms, rooms, directory, backplane, logger, timeProvider ?? TimeProvider.System);
        _started = new Lazy<Task>(StartAsync);
    }

    public Task EnsureStartedAsync() => _started.Value;

    public async Task HostAsync(ISignalingLink link, SignalingGuest guest, CancellationToken stopping, CancellationToken cancellationToken)
    {
        await EnsureStartedAsync();
        if (await TryHostHereAsync(link, guest, stopping, cancellationToken) is { } holder)
        {
            await RelayAsync(link, guest, holder, stopping, cancellationToken);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _ending.CancelAsync();
        foreach (var stream in _held.Keys)
        {
            await QuietlyAsync(_directory.ReleaseAsync(stream, _backplane.Id).AsTask());
        }
    }

    private async Task StartAsync()
    {
        await _backplane.StartAsync(Accept);
        _ = Task.Run(RenewAsync);
    }

    private async ValueTask<string> ClaimAsync(string stream, CancellationToken cancellationToken)
    {
        try
        {
            return await _directory.ClaimAsync(stream, _backplane.Id, Lease, cancellationToken);
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            LogDirectoryFailed(Words.Sentence(e.Message));
            throw SignalingErrors.Broken(e);
        }
    }

    /// <summary>Hosts the guest if this instance keeps its room; else says which one does.</summary>
    private async Task<string?> TryHostHereAsync(ISignalingLink link, SignalingGuest guest, CancellationToken stopping, CancellationToken cancellationToken)
    {
        HeldStream held;
        do
        {
            held = _held.GetOrAdd(guest.Hello.Stream, static _ => new HeldStream());
        }
        while (!held.TryEnter());
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, held.Lost.Token);
        try
        {
            var holder = await ClaimAsync(guest.Hello.Stream, cancellationToken);
            if (holder != _backplane.Id)
            {
                return holder;
            }

            held.IsOurs = true;
            await _rooms.HostAsync(link, guest, stopping, either.Token);
            return null;
        }
        finally
        {
            held.Leave();
        }
    }

    // --- an instance that relays

    private async Task RelayAsync(ISignalingLink link, SignalingGuest guest, string holder, CancellationToken stopping, CancellationToken cancellationToken)
    {
        await using var remote = new BackplaneLink(_backplane, holder, Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16)), Forget);
        _links[remote.Id] = remote;
        await remote.OpenAsync(guest, cancellationToken);
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, stopping);
        var up = PumpAsync(link, remote, () => null, ended.Token);
        var down = PumpAsync(remote, link, () => remote.CloseCode, ended.Token);
        var watch = WatchHolderAsync(guest.Hello.Stream, remote, ended.Token);
        var first = await Task.WhenAny(up, down);
        if (first == up && up.IsCompletedSuccessfully)
        {
            // The participant said goodbye; the room's own may bring last words.
            await QuietlyAsync(down.WaitAsync(TimeSpan.FromSeconds(2), _timeProvider, cancellationToken));
        }
        else if (first == down && down.IsCompletedSuccessfully)
        {
            await QuietlyAsync(up.WaitAsync(TimeSpan.FromSeconds(2), _timeProvider, cancellationToken));
        }

        var wasStopped = stopping.IsCancellationRequested;
        await ended.CancelAsync();
        await Task.WhenAll(QuietlyAsync(up), QuietlyAsync(down), QuietlyAsync(watch));
        if (first.Exception?.InnerException is SignalingException { Code: not SignalingErrors.BrokenCode } broken)
        {
            await remote.CloseAsync(broken.Code, cancellationToken);
            await SignalingReception.RefuseAsync(link, broken.Code, SignalingErrors.WordsOf(broken), _timeProvider, cancellationToken);
        }
        else if (wasStopped)
        {
            // Its session lives on at the holder: it can go on by another instance.
            await link.CloseAsync(SignalingErrors.GoingAwayCode, cancellationToken);
        }
    }

    private static async Task PumpAsync(ISignalingLink from, ISignalingLink to, Func<string?> closeCode, CancellationToken cancellationToken)
    {
        while (await from.ReceiveAsync(cancellationToken) is { } message)
        {
            await to.SendAsync(message, cancellationToken);
        }

        await to.CloseAsync(closeCode(), cancellationToken);
    }

    /// <summary>An instance that died does not renew its claims; what it kept is lost, and its participants join anew.</summary>
    private async Task WatchHolderAsync(string stream, BackplaneLink remote, CancellationToken cancellationToken)
    {
        while (true)
        {
            await Task.Delay(Lease / 3, _timeProvider, cancellationToken);
            try
            {
                if (await _directory.FindAsync(stream, cancellationToken) != remote.Peer)
                {
                    remote.Break();
                    return;
                }
            }
            catch (Exception e) when (e is not OperationCanceledException)
            {
                LogDirectoryFailed(Words.Sentence(e.Message));
            }
        }
    }

    // --- the instance that holds

    private void Accept(BackplaneFrame frame)
    {
        if (frame.Kind == BackplaneFrameKind.Open && frame.Guest is { } guest)
        {
            var link = new BackplaneLink(_backplane, frame.From, frame.Link, Forget);
            _links[link.Id] = link;
            link.Accept(frame with { Kind = BackplaneFrameKind.Open });
            _ = Task.Run(() => HostRelayedAsync(link, guest));
        }
        else if (_links.TryGetValue(frame.Link, out var link) && link.Peer == frame.From)
        {
            link.Accept(frame);
        }
    }

    private async Task HostRelayedAsync(BackplaneLink link, SignalingGuest guest)
    {
        await using (link)
        {
            try
            {
                // If the room has just moved on, the link ends here; its participant tries again.
                await TryHostHereAsync(link, guest, CancellationToken.None, _ending.Token);
            }
            catch (Exception e) when (e is SignalingException or OperationCanceledException)
            {
                var why = Words.Sentence(e.Message);
                LogRelayedEnded(why);
            }
        }
    }

    private async Task RenewAsync()
    {
        while (!_ending.IsCancellationRequested)
        {
            await QuietlyAsync(Task.Delay(Lease / 3, _timeProvider, _ending.Token));
            foreach (var (stream, held) in _held)
            {
                await QuietlyAsync(RenewAsync(stream, held));
            }
        }
    }

    private async Task RenewAsync(string stream, HeldStream held)
    {
        if (!_memory.HasRoom(stream) && held.TryRetire())
        {
            _held.TryRemove(new KeyValuePair<string, HeldStream>(stream, held));
            await _directory.ReleaseAsync(stream, _backplane.Id, _ending.Token);
        }
        else if (held.IsOurs && await ClaimAsync(stream, _ending.Token) != _backplane.Id)
        {
            LogLost(stream);
            _held.TryRemove(new KeyValuePair<string, HeldStream>(stream, held));
            await held.Lost.CancelAsync();
        }
    }

    private void Forget(BackplaneLink link) => _links.TryRemove(link.Id, out _);

    private async Task QuietlyAsync(Task task)
    {
        try
        {
            await task;
        }
        catch (Exception e) when (e is OperationCanceledException or SignalingException or TimeoutException)
        {
            // Somebody else says why.
        }
        catch (Exception e)
        {
            LogDirectoryFailed(Words.Sentence(e.Message));
        }
    }

    private sealed class HeldStream
    {
        private int _links;

        /// <summary>Cancelled when another instance has the stream.</summary>
        public CancellationTokenSource Lost { get; } = new();

        /// <summary>Whether this instance was seen to hold it.</summary>
        public bool IsOurs { get; set; }

        /// <summary>False once it has been retired: another object stands for the stream then.</summary>
        public bool TryEnter()
        {
            for (var links = Volatile.Read(ref _links); links >= 0;)
            {
                var seen = Interlocked.CompareExchange(ref _links, links + 1, links);
                if (seen == links)
                {
                    return true;
                }

                links = seen;
            }

            return false;
        }

        public bool TryRetire() => Interlocked.CompareExchange(ref _links, -1, 0) == 0;

        public void Leave() => Interlocked.Decrement(ref _links);
    }

    [LoggerMessage(EventId = 3301, Level = LogLevel.Warning, Message = "The directory of rooms does not answer: {Reason}")]
    private partial void LogDirectoryFailed(string reason);

    [LoggerMessage(EventId = 3302, Level = LogLevel.Warning, Message = "Another instance keeps the room of '{Stream}' now; its participants here join anew.")]
    private partial void LogLost(string stream);

    [LoggerMessage(EventId = 3303, Level = LogLevel.Debug, Message = "A relayed signaling connection ended: {Reason}")]
    private partial void LogRelayedEnded(string reason);
}

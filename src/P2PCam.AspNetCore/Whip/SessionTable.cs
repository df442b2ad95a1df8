using System.Collections.Concurrent;

namespace P2PCam.AspNetCore.Whip;

/// <summary>The sessions of one kind of endpoint, by id; and, for a while, those that ended without a DELETE.</summary>
internal sealed class SessionTable
{
    private const int MostRemembered = 1024;
    private readonly ConcurrentDictionary<string, HttpSession> _sessions = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, SessionOwner> _ended = new(StringComparer.Ordinal);
    private readonly ConcurrentQueue<string> _order = new();

    public int Count => _sessions.Count;

    public HttpSession? Find(string? id) => id is not null && _sessions.TryGetValue(id, out var session) ? session : null;

    public void Add(HttpSession session) => _sessions[session.Id] = session;

    /// <summary>It was ended by DELETE, or never began.</summary>
    public bool Remove(HttpSession session) => _sessions.TryRemove(session.Id, out _);

    /// <summary>It ended by itself, or the other side closed its connection; a DELETE may still be on its way. Without effect on one that was removed.</summary>
    public void End(HttpSession session)
    {
        if (!Remove(session))
        {
            return;
        }

        _ended[session.Id] = session.Owner;
        _order.Enqueue(session.Id);
        while (_order.Count > MostRemembered && _order.TryDequeue(out var oldest))
        {
            _ended.TryRemove(oldest, out _);
        }
    }

    /// <summary>Whether whoever asks made a session that has ended by itself.</summary>
    public bool HasEnded(string? id, string? token) => id is not null && _ended.TryGetValue(id, out var owner) && owner.Is(token);
}

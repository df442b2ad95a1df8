using System.Collections.Concurrent;

namespace P2PCam.AspNetCore.Whip;

/// <summary>The sessions of one kind of endpoint, by id.</summary>
internal sealed class SessionTable
{
    private readonly ConcurrentDictionary<string, HttpSession> _sessions = new(StringComparer.Ordinal);

    public int Count => _sessions.Count;

    public HttpSession? Find(string? id) => id is not null && _sessions.TryGetValue(id, out var session) ? session : null;

    public void Add(HttpSession session) => _sessions[session.Id] = session;

    public bool Remove(HttpSession session) => _sessions.TryRemove(session.Id, out _);
}

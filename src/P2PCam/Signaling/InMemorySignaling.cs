namespace P2PCam;

/// <summary>
/// A meeting place inside this process: streams with one broadcaster and many viewers each. It is what the ASP.NET endpoints connect
/// their viewers to, and what tests use. Messages pass by reference; order is kept per sender.
/// </summary>
public sealed class InMemorySignaling
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, SignalingRoom> _rooms = new(StringComparer.Ordinal);

    /// <summary>Makes a transport that meets the others of this instance; <paramref name="name"/> appears in logs and in <see cref="ViewerInfo.Transport"/>.</summary>
    public ISignalingTransport CreateTransport(string name = "in-memory") => new InMemorySignalingTransport(this, name);

    /// <summary>Whether somebody outside can reach these rooms, such as endpoints mapped by an ASP.NET host.</summary>
    internal bool IsServed { get; set; }

    internal bool HasBroadcaster(string stream)
    {
        lock (_gate)
        {
            return _rooms.TryGetValue(stream, out var room) && room.Broadcaster is not null;
        }
    }

    internal void Join(InMemoryParticipant participant)
    {
        lock (_gate)
        {
            if (!_rooms.TryGetValue(participant.Join.Stream, out var room))
            {
                room = new SignalingRoom();
            }

            room.Add(participant);
            _rooms[participant.Join.Stream] = room;
        }
    }

    /// <summary>Routes a message; false when the sender's room is not there any more.</summary>
    internal void Route(InMemoryParticipant sender, SignalingMessage message)
    {
        lock (_gate)
        {
            if (_rooms.TryGetValue(sender.Join.Stream, out var room))
            {
                room.Route(sender, message);
            }
        }
    }

    internal void Leave(InMemoryParticipant participant)
    {
        lock (_gate)
        {
            // A room lives only as long as somebody is in it: names invented by strangers must not pile up.
            if (_rooms.TryGetValue(participant.Join.Stream, out var room) && room.Remove(participant) && room.IsEmpty)
            {
                _rooms.Remove(participant.Join.Stream);
            }
        }
    }
}

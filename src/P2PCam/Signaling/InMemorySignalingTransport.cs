namespace P2PCam;

/// <summary>A connection to the rooms of an <see cref="InMemorySignaling"/>.</summary>
internal sealed class InMemorySignalingTransport(InMemorySignaling rooms, string name) : SignalingTransport(name)
{
    /// <summary>For tests: nobody answers.</summary>
    public bool IsUnreachable { get; set; }

    /// <summary>For tests: the host ends.</summary>
    public CancellationToken Stopping { get; init; }

    protected override Task<ISignalingLink> OpenAsync(CancellationToken cancellationToken)
    {
        if (IsUnreachable)
        {
            throw new SignalingException("P2P2002", "Nobody answers.");
        }

        var (client, server) = InMemoryLink.CreatePair();
        _ = Task.Run(() => rooms.ServeAsync(server, Name, Stopping), CancellationToken.None);
        return Task.FromResult(client);
    }
}

namespace P2PCam;

/// <summary>A connection to the rooms of an <see cref="InMemorySignaling"/>.</summary>
internal sealed class InMemorySignalingTransport(InMemorySignaling rooms, string name) : SignalingTransport(name)
{
    protected override Task<ISignalingLink> OpenAsync(CancellationToken cancellationToken)
    {
        var (client, server) = InMemoryLink.CreatePair();
        _ = Task.Run(() => rooms.ServeAsync(server, Name), CancellationToken.None);
        return Task.FromResult(client);
    }
}

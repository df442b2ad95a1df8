namespace P2PCam.AspNetCore;

/// <summary>
/// Says which of several instances keeps a stream's room. Register one, and <c>AddP2PCamSignalR</c> with a backplane, and
/// instances serve the same rooms: participants may connect to any of them.
/// </summary>
public interface ISignalingRoomDirectory
{
    /// <summary>Claims a stream unless another instance holds it; renews the claim if it is this one's.</summary>
    /// <param name="stream">The stream's name.</param>
    /// <param name="instance">Who claims it.</param>
    /// <param name="lease">How long the claim lasts unless renewed.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>Who holds it now.</returns>
    ValueTask<string> ClaimAsync(string stream, string instance, TimeSpan lease, CancellationToken cancellationToken = default);

    /// <summary>Who holds a stream; null if nobody does.</summary>
    ValueTask<string?> FindAsync(string stream, CancellationToken cancellationToken = default);

    /// <summary>Gives a claim back, if it is this instance's.</summary>
    ValueTask ReleaseAsync(string stream, string instance, CancellationToken cancellationToken = default);
}

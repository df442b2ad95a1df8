namespace P2PCam.AspNetCore;

/// <summary>
/// Decides who may join which stream as what, once per connection, at its hello. Register your own as a service; without one, viewers are
/// allowed as far as the endpoint's options, its PIN and <see cref="P2PCamTokens"/> say. <see cref="P2PCamEndpointOptions.AllowBroadcasters"/> and
/// the policies there apply as well, whatever an authorizer says.
/// </summary>
public interface ISignalingAuthorizer
{
    /// <summary>Decides; an exception refuses (P2P3110) and is logged.</summary>
    ValueTask<SignalingDecision> AuthorizeAsync(SignalingRequest request, CancellationToken cancellationToken = default);
}

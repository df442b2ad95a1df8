using System.Globalization;
using System.Net;

namespace P2PCam.AspNetCore.Security;

/// <summary>Decides by token and PIN where these are in use, and lets everybody in where they are not.</summary>
internal sealed class DefaultSignalingAuthorizer(P2PCamEndpointOptions options, TimeProvider timeProvider, P2PCamTokens? tokens, P2PCamTokenOptions tokenOptions) : ISignalingAuthorizer
{
    private readonly PinGate? _pin = options.ViewerPin is null ? null : new PinGate(options.ViewerPin, timeProvider);

    public ValueTask<SignalingDecision> AuthorizeAsync(SignalingRequest request, CancellationToken cancellationToken = default) => ValueTask.FromResult(Decide(request));

    private SignalingDecision Decide(SignalingRequest request)
    {
        if (request.Role == SignalingRole.Viewer && options.TrustLoopback && request.RemoteAddress is { } address && IPAddress.IsLoopback(address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address))
        {
            return SignalingDecision.Allow();
        }

        // A token is taken where a PIN is asked for: that is what a link to share is for.
        if (tokens is not null && (P2PCamTokens.LooksLikeOne(request.Token) || (NeedsToken(request.Role) && !TakesPin(request.Role))))
        {
            return DecideByToken(tokens.Check(request.Token, request.Stream, request.Role));
        }

        return TakesPin(request.Role) ? DecideByPin(_pin!, request) : SignalingDecision.Allow();
    }

    private bool NeedsToken(SignalingRole role) => role == SignalingRole.Viewer ? tokenOptions.RequireForViewers : tokenOptions.RequireForBroadcasters;

    private bool TakesPin(SignalingRole role) => role == SignalingRole.Viewer && _pin is not null;

    public static SignalingDecision DecideByToken(TokenStatus status) => status switch
    {
        TokenStatus.Valid => SignalingDecision.Allow(),
        TokenStatus.Missing => SignalingDecision.Refuse("This camera needs a link that was made for it. Ask its owner for one.", "P2P3104"),
        TokenStatus.Expired => SignalingDecision.Refuse("This link has expired. Ask the camera's owner for a new one.", "P2P3105"),
        TokenStatus.OtherStream => SignalingDecision.Refuse("This link is for another camera.", "P2P3107"),
        TokenStatus.OtherRole => SignalingDecision.Refuse("This token is for another role.", "P2P3108"),
        _ => SignalingDecision.Refuse("This link is not valid: it is incomplete, or it was not made by this camera.", "P2P3106"),
    };

    private static SignalingDecision DecideByPin(PinGate pin, SignalingRequest request)
    {
        if (string.IsNullOrEmpty(request.Token))
        {
            return SignalingDecision.Refuse("This camera asks for a PIN.", "P2P3101");
        }

        var result = pin.Try(request.Token, request.RemoteAddress);
        if (result.Wait > TimeSpan.Zero)
        {
            var seconds = Math.Ceiling(result.Wait.TotalSeconds).ToString("0", CultureInfo.InvariantCulture);
            return SignalingDecision.Refuse($"Too many wrong PINs. Try again in {seconds} s.", "P2P3103");
        }

        return result.IsRight ? SignalingDecision.Allow() : SignalingDecision.Refuse("That is not the PIN.", "P2P3102");
    }
}

using System.Net;
using System.Security.Claims;
using System.Text;

namespace P2PCam.AspNetCore;

/// <summary>Who wants to join which stream as what. Also the resource that <see cref="P2PCamEndpointOptions.ViewPolicy"/> and <see cref="P2PCamEndpointOptions.BroadcastPolicy"/> are asked about.</summary>
/// <param name="Stream">The stream's name, which is a possible one.</param>
/// <param name="Role">What the participant wants to be.</param>
public sealed record SignalingRequest(string Stream, SignalingRole Role)
{
    /// <summary>The token or PIN in the hello. Never printed.</summary>
    public string? Token { get; init; }

    /// <summary>Where the connection comes from. Behind a reverse proxy that is the proxy, unless its forwarded headers are read. Never printed.</summary>
    public IPAddress? RemoteAddress { get; init; }

    /// <summary>Whom ASP.NET Core authenticated; without an identity if nobody was.</summary>
    public ClaimsPrincipal User { get; init; } = new();

    /// <summary>How the participant came, for example <c>websocket</c>.</summary>
    public string Transport { get; init; } = "";

#pragma warning disable IDE0051 // Called by the generated ToString.
    private bool PrintMembers(StringBuilder builder)
    {
        builder.Append(System.Globalization.CultureInfo.InvariantCulture, $"Stream = {Stream}, Role = {Role}, Transport = {Transport}, Token = {(Token is null ? "none" : "(hidden)")}");
        return true;
    }
#pragma warning restore IDE0051
}

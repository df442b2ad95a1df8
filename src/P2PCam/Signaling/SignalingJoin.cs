using System.Text;

namespace P2PCam;

/// <summary>What a participant of a stream may do.</summary>
public enum SignalingRole
{
    /// <summary>Asks for the camera; never sends one.</summary>
    Viewer,

    /// <summary>Owns the camera. A stream has at most one.</summary>
    Broadcaster,

    /// <summary>Sends and receives: one of at most two browsers that call each other. Hosts take callers only where they say so.</summary>
    Caller,
}

/// <summary>Who wants to join which stream.</summary>
/// <param name="Stream">The stream's name: 1 to 64 letters, digits, '-', '_' or '.'.</param>
/// <param name="Role">Broadcaster, viewer or caller.</param>
/// <param name="AccessToken">What proves the right to do so, if the other side wants proof. Never printed.</param>
public sealed record SignalingJoin(string Stream, SignalingRole Role, string? AccessToken = null)
{
#pragma warning disable IDE0051 // Called by the generated ToString.
    private bool PrintMembers(StringBuilder builder)
    {
        builder.Append(System.Globalization.CultureInfo.InvariantCulture, $"Stream = {Stream}, Role = {Role}, AccessToken = {(AccessToken is null ? "none" : "(hidden)")}");
        return true;
    }
#pragma warning restore IDE0051
}

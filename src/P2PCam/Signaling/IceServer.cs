using System.Text;

namespace P2PCam;

/// <summary>A STUN or TURN server, as RTCIceServer of the W3C's WebRTC API.</summary>
/// <param name="Urls">For example <c>stun:stun.example.org:3478</c> or <c>turn:turn.example.org?transport=udp</c>.</param>
/// <param name="Username">For TURN.</param>
/// <param name="Credential">For TURN. Never printed.</param>
public sealed record IceServer(IReadOnlyList<string> Urls, string? Username = null, string? Credential = null)
{
#pragma warning disable IDE0051 // Called by the generated ToString.
    private bool PrintMembers(StringBuilder builder)
    {
        builder.Append(System.Globalization.CultureInfo.InvariantCulture, $"Urls = {string.Join(' ', Urls)}, Username = {Username ?? "none"}, Credential = {(Credential is null ? "none" : "(hidden)")}");
        return true;
    }
#pragma warning restore IDE0051
}

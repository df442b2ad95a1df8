using System.Text;

namespace P2PCam;

/// <summary>A STUN or TURN server that a participant may use; the same fields as a browser's <c>RTCIceServer</c>.</summary>
/// <param name="Urls">For example <c>stun:host:3478</c> or <c>turn:host:3478?transport=udp</c> (RFC 7064, RFC 7065).</param>
/// <param name="Username">For TURN.</param>
/// <param name="Credential">For TURN; a secret, never printed.</param>
public sealed record IceServer(IReadOnlyList<string> Urls, string? Username = null, string? Credential = null)
{
#pragma warning disable IDE0051 // Called by the generated ToString.
    private bool PrintMembers(StringBuilder builder)
    {
        builder.Append(System.Globalization.CultureInfo.InvariantCulture, $"Urls = {string.Join(' ', Urls)}, Credential = {(Credential is null ? "none" : "(hidden)")}");
        return true;
    }
#pragma warning restore IDE0051
}

using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace P2PCam.AspNetCore;

/// <summary>
/// A name and password for a TURN server that end by themselves, as coturn's <c>use-auth-secret</c> understands them
/// (draft-uberti-behave-turn-rest-00 section 2.2).
/// </summary>
/// <param name="Username"><c>expiry:id</c>, the expiry in seconds since 1970.</param>
/// <param name="Credential">Base64 of HMAC-SHA1 of the name by the secret. Never printed.</param>
public sealed record TurnCredentials(string Username, string Credential)
{
    /// <summary>Makes credentials.</summary>
    /// <param name="secret">What the TURN server's <c>static-auth-secret</c> is.</param>
    /// <param name="expiresAt">When they stop opening new allocations; whole seconds.</param>
    /// <param name="id">Who uses them, for the server's log; no colon. Best something random that tells nothing.</param>
    /// <exception cref="ArgumentException">The secret is empty, or the id has a colon.</exception>
    [SuppressMessage("Security", "CA5350", Justification = "The scheme fixes HMAC-SHA1, which is not weakened by collisions of SHA-1.")]
    public static TurnCredentials Create(string secret, DateTimeOffset expiresAt, string id)
    {
        ArgumentException.ThrowIfNullOrEmpty(secret);
        ArgumentNullException.ThrowIfNull(id);
        if (id.Contains(':', StringComparison.Ordinal))
        {
            throw new ArgumentException("The id of TURN credentials has no colon: the server splits the name there.", nameof(id));
        }

        var username = string.Create(CultureInfo.InvariantCulture, $"{expiresAt.ToUnixTimeSeconds()}:{id}");
        return new(username, Convert.ToBase64String(HMACSHA1.HashData(Encoding.UTF8.GetBytes(secret), Encoding.UTF8.GetBytes(username))));
    }

#pragma warning disable IDE0051 // Called by the generated ToString.
    private bool PrintMembers(StringBuilder builder)
    {
        builder.Append(CultureInfo.InvariantCulture, $"Username = {Username}, Credential = (hidden)");
        return true;
    }
#pragma warning restore IDE0051
}

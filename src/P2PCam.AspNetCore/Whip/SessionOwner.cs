using System.Security.Cryptography;
using System.Text;

namespace P2PCam.AspNetCore.Whip;

/// <summary>Who made a session, by the token of the POST. A session that was made without one is whose its address is.</summary>
internal sealed class SessionOwner(string? token)
{
    private readonly byte[]? _token = token is null ? null : Hash(token);

    /// <summary>Whether a request shows the same token.</summary>
    public bool Is(string? token) => _token is null || (token is not null && CryptographicOperations.FixedTimeEquals(_token, Hash(token)));

    private static byte[] Hash(string text) => SHA256.HashData(Encoding.UTF8.GetBytes(text));
}

using System.Security.Cryptography;

namespace P2PCam.AspNetCore;

/// <summary>
/// Makes and checks signed tokens: the right to join one stream in one role until a time. They need no storage, so several instances with the
/// same keys honour each other's. Safe from several threads.
/// </summary>
public sealed class P2PCamTokens
{
    /// <summary>Size of a key in bytes: 256 bits.</summary>
    public const int KeyBytes = 32;

    private static readonly TimeSpan LongestLifetime = TimeSpan.FromDays(366);
    private readonly byte[][] _keys;
    private readonly TimeProvider _timeProvider;

    /// <summary>Takes copies of the keys: the first one signs, all of them are honoured.</summary>
    /// <param name="keys">1 to 8 keys of <see cref="KeyBytes"/> bytes each.</param>
    /// <param name="timeProvider">Whose time tokens expire by; the system's if null.</param>
    /// <exception cref="ArgumentException">There is no key, there are too many, or one has another size.</exception>
    public P2PCamTokens(IEnumerable<byte[]> keys, TimeProvider? timeProvider = null)
    {
        ArgumentNullException.ThrowIfNull(keys);
        _keys = [.. keys.Select(key => (byte[])key.Clone())];
        _timeProvider = timeProvider ?? TimeProvider.System;
        if (_keys.Length is < 1 or > 8)
        {
            throw new ArgumentException($"Tokens take 1 to 8 keys, not {_keys.Length}.", nameof(keys));
        }

        if (Array.Find(_keys, key => key.Length != KeyBytes) is { } wrong)
        {
            throw new ArgumentException($"A key for tokens has {KeyBytes} bytes, not {wrong.Length}; P2PCamTokens.CreateKey() makes one.", nameof(keys));
        }
    }

    /// <summary>Makes a random key. Keep it where you keep passwords.</summary>
    public static byte[] CreateKey() => RandomNumberGenerator.GetBytes(KeyBytes);

    /// <summary>Makes a token.</summary>
    /// <param name="stream">The stream that it opens.</param>
    /// <param name="role">What its holder may be there.</param>
    /// <param name="lifetime">From now, 1 s to 366 days. Minutes or hours are right for links.</param>
    /// <exception cref="ArgumentException">No stream can have that name, or the role is none.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The lifetime is out of its range.</exception>
    public string Create(string stream, SignalingRole role, TimeSpan lifetime)
    {
        if (!SignalingLimits.IsStreamName(stream))
        {
            throw new ArgumentException("A stream name has 1 to 64 letters, digits, '-', '_' or '.'.", nameof(stream));
        }

        if (!Enum.IsDefined(role))
        {
            throw new ArgumentException($"There is no role {role}.", nameof(role));
        }

        if (lifetime < TimeSpan.FromSeconds(1) || lifetime > LongestLifetime)
        {
            throw new ArgumentOutOfRangeException(nameof(lifetime), lifetime, "A token lives for 1 s to 366 days.");
        }

        var grant = new TokenGrant(stream, role, _timeProvider.GetUtcNow() + lifetime, RandomNumberGenerator.GetBytes(TokenFormat.IdBytes));
        return TokenFormat.Write(grant, _keys[0]);
    }

    /// <summary>
    /// Makes a link to the viewer page of a stream with a viewer's token in its fragment, which browsers send to no server: it appears in no
    /// log and no Referer header. Whoever has the link can watch until it expires.
    /// </summary>
    /// <param name="host">Where <c>MapP2PCam</c>'s endpoints are, for example <c>https://192.168.1.20:3000</c>, with its pattern if it has one.</param>
    /// <param name="stream">The stream.</param>
    /// <param name="lifetime">As in <see cref="Create"/>.</param>
    public Uri CreateLink(Uri host, string stream, TimeSpan lifetime)
    {
        ArgumentNullException.ThrowIfNull(host);
        var token = Create(stream, SignalingRole.Viewer, lifetime);
        return new Uri($"{host.GetLeftPart(UriPartial.Path).TrimEnd('/')}/s/{stream}#token={token}");
    }

    /// <summary>
    /// Makes a link to the page that makes a browser the camera of a stream, with a broadcaster's token in its fragment. Whoever has the link can be
    /// the camera until it expires; give it away as you would the camera.
    /// </summary>
    /// <param name="host">As in <see cref="CreateLink"/>.</param>
    /// <param name="stream">The stream.</param>
    /// <param name="lifetime">As in <see cref="Create"/>.</param>
    public Uri CreateCameraLink(Uri host, string stream, TimeSpan lifetime)
    {
        ArgumentNullException.ThrowIfNull(host);
        var token = Create(stream, SignalingRole.Broadcaster, lifetime);
        return new Uri($"{host.GetLeftPart(UriPartial.Path).TrimEnd('/')}/camera/{stream}#token={token}");
    }

    /// <summary>Checks whether a token opens that stream in that role now.</summary>
    /// <param name="token">What somebody showed; anything at all.</param>
    /// <param name="stream">The stream that they want.</param>
    /// <param name="role">The role that they want.</param>
    public TokenStatus Check(string? token, string stream, SignalingRole role)
    {
        if (string.IsNullOrEmpty(token))
        {
            return TokenStatus.Missing;
        }

        // Forged comes first: whoever has no key learns nothing else.
        if (!TokenFormat.TryRead(token, _keys, out var grant))
        {
            return TokenStatus.Forged;
        }

        return grant switch
        {
            { ExpiresAt: var expiry } when expiry <= _timeProvider.GetUtcNow() => TokenStatus.Expired,
            { Stream: var opens } when !string.Equals(opens, stream, StringComparison.Ordinal) => TokenStatus.OtherStream,
            { Role: var permits } when permits != role => TokenStatus.OtherRole,
            _ => TokenStatus.Valid,
        };
    }

    /// <summary>Whether a text could be a token at all, whoever signed it.</summary>
    internal static bool LooksLikeOne(string? text) => text?.StartsWith(TokenFormat.Prefix, StringComparison.Ordinal) == true;
}

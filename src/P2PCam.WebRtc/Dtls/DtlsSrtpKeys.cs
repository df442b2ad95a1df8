using System.Security.Cryptography;
using P2PCam.WebRtc.Srtp;

namespace P2PCam.WebRtc.Dtls;

/// <summary>
/// The SRTP master keys that a handshake yields (RFC 5764 section 4.2): what TLS exports under "EXTRACTOR-dtls_srtp" is
/// <code>
///  | client key | server key | client salt | server salt |
/// </code>
/// </summary>
internal sealed class DtlsSrtpKeys : IDisposable
{
    public const string ExporterLabel = "EXTRACTOR-dtls_srtp";
    private readonly byte[] _material;
    private readonly bool _isServer;

    /// <param name="profile">The profile that was negotiated.</param>
    /// <param name="material">Exported bytes, <see cref="LengthOf"/> many; this object owns them from here on.</param>
    /// <param name="role">Our role, which tells local from remote.</param>
    public DtlsSrtpKeys(SrtpProfile profile, byte[] material, DtlsRole role)
    {
        Profile = profile;
        _material = material;
        _isServer = role == DtlsRole.Server;
    }

    public SrtpProfile Profile { get; }

    public ReadOnlySpan<byte> LocalMasterKey => Key(_isServer ? 1 : 0);

    public ReadOnlySpan<byte> LocalMasterSalt => Salt(_isServer ? 1 : 0);

    public ReadOnlySpan<byte> RemoteMasterKey => Key(_isServer ? 0 : 1);

    public ReadOnlySpan<byte> RemoteMasterSalt => Salt(_isServer ? 0 : 1);

    public static int LengthOf(SrtpProfile profile) => 2 * (profile.KeyLength() + profile.SaltLength());

    /// <summary>A context that protects what we send.</summary>
    public SrtpContext CreateSender() => SrtpContext.Create(Profile, LocalMasterKey, LocalMasterSalt);

    /// <summary>A context that opens what the peer sends.</summary>
    public SrtpContext CreateReceiver() => SrtpContext.Create(Profile, RemoteMasterKey, RemoteMasterSalt);

    /// <summary>Overwrites the keys.</summary>
    public void Dispose() => CryptographicOperations.ZeroMemory(_material);

    private ReadOnlySpan<byte> Key(int side) => _material.AsSpan(side * Profile.KeyLength(), Profile.KeyLength());

    private ReadOnlySpan<byte> Salt(int side) =>
        _material.AsSpan((2 * Profile.KeyLength()) + (side * Profile.SaltLength()), Profile.SaltLength());
}

using System.Buffers.Binary;
using System.Security.Cryptography;
using Org.BouncyCastle.Tls;

namespace P2PCam.WebRtc.Dtls.Records;

/// <summary>
/// Tells the peer's encrypted records from forged ones before the library sees them, which gives up the association over
/// a single bad one. AES-GCM only (RFC 5246 section 6.3 for the keys, RFC 5288 section 3 for the nonce, RFC 6347 section 4.1.2.1
/// for the sequence number).
/// <code>
///  key block:         | client key | server key | client IV (4) | server IV (4) |
///  record fragment:   | explicit nonce (8) | encrypted content | tag (16) |
///  nonce:             | IV (4) | explicit nonce (8) |
///  associated data:   | epoch, sequence number (8) | type (1) | version (2) | content length (2) |
/// </code>
/// </summary>
internal sealed class RecordAuthenticator : IDisposable
{
    public const int MinFragment = ExplicitNonce + Tag + 1;
    private const int ExplicitNonce = 8;
    private const int Tag = 16;
    private const int ImplicitNonce = 4;
    private readonly AesGcm _gcm;
    private readonly byte[] _iv;

    private RecordAuthenticator(ReadOnlySpan<byte> key, ReadOnlySpan<byte> iv)
    {
        _gcm = new AesGcm(key, Tag);
        _iv = iv.ToArray();
    }

    /// <summary>For what the peer sends; null before there is a master secret. Call on the handshake's thread.</summary>
    public static RecordAuthenticator? TryCreate(SecurityParameters parameters, DtlsRole ownRole)
    {
        if (parameters.MasterSecret is not { } secret)
        {
            return null;
        }

        var keyLength = parameters.CipherSuite is CipherSuite.TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384 or CipherSuite.TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384 ? 32 : 16;
        byte[] seed = [.. parameters.ServerRandom, .. parameters.ClientRandom];
        var blockLength = 2 * (keyLength + ImplicitNonce);
        var block = secret.DeriveUsingPrf(parameters.PrfAlgorithm, ExporterLabel.key_expansion, seed, blockLength).Extract();
        var peer = ownRole == DtlsRole.Server ? 0 : 1;
        var authenticator = new RecordAuthenticator(
            block.AsSpan(peer * keyLength, keyLength),
            block.AsSpan((2 * keyLength) + (peer * ImplicitNonce), ImplicitNonce));
        CryptographicOperations.ZeroMemory(block);
        return authenticator;
    }

    /// <summary>Whether the peer made this record; false for anything malformed.</summary>
    public bool IsGenuine(ReadOnlySpan<byte> record)
    {
        var fragment = record[DtlsRecord.HeaderLength..];
        var length = fragment.Length - ExplicitNonce - Tag;
        if (length < 1)
        {
            return false;
        }

        Span<byte> nonce = stackalloc byte[ImplicitNonce + ExplicitNonce];
        _iv.CopyTo(nonce);
        fragment[..ExplicitNonce].CopyTo(nonce[ImplicitNonce..]);
        Span<byte> associated = stackalloc byte[13];
        record[3..11].CopyTo(associated);
        record[..3].CopyTo(associated[8..]);
        BinaryPrimitives.WriteUInt16BigEndian(associated[11..], (ushort)length);
        var content = new byte[length];
        try
        {
            _gcm.Decrypt(nonce, fragment.Slice(ExplicitNonce, length), fragment[^Tag..], content, associated);
            return true;
        }
        catch (AuthenticationTagMismatchException)
        {
            return false;
        }
        finally
        {
            CryptographicOperations.ZeroMemory(content);
        }
    }

    public void Dispose()
    {
        _gcm.Dispose();
        CryptographicOperations.ZeroMemory(_iv);
    }
}

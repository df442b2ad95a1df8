using System.Security.Cryptography;

namespace P2PCam.WebRtc.Srtp.Ciphers;

/// <summary>
/// AEAD_AES_128_GCM and AEAD_AES_256_GCM over the platform's <see cref="AesGcm"/> (RFC 7714).
/// <code>
///  SRTP:   | header (associated data) | encrypted payload            | tag (16) |
///  SRTCP:  | first 8 bytes (assoc.)   | encrypted rest of the packet | tag (16) | E, index (associated data) |
/// </code>
/// </summary>
internal sealed class AesGcmSrtpCipher(ReadOnlySpan<byte> key, ReadOnlySpan<byte> salt) : SrtpCipher
{
    private const int Tag = 16;
    private readonly AesGcm _gcm = new(key, Tag);
    private readonly byte[] _salt = salt.ToArray();

    public override int TagLength => Tag;

    public override int RtcpIndexOffset => Tag;

    public override void SealRtp(long index, uint ssrc, Span<byte> packet, int headerLength, ReadOnlySpan<byte> payload)
    {
        Span<byte> nonce = stackalloc byte[AesGcmNonce.Length];
        AesGcmNonce.Write(nonce, _salt, ssrc, index);
        var body = packet.Slice(headerLength, payload.Length);
        _gcm.Encrypt(nonce, payload, body, packet[^Tag..], packet[..headerLength]);
    }

    public override bool OpenRtp(long index, uint ssrc, Span<byte> packet, int headerLength)
    {
        Span<byte> nonce = stackalloc byte[AesGcmNonce.Length];
        AesGcmNonce.Write(nonce, _salt, ssrc, index);
        return Open(nonce, packet[headerLength..^Tag], packet[^Tag..], packet[..headerLength]);
    }

    public override void SealRtcp(uint index, uint ssrc, Span<byte> packet, int length)
    {
        Span<byte> nonce = stackalloc byte[AesGcmNonce.Length];
        Span<byte> associated = stackalloc byte[SrtcpPacket.AssociatedLength];
        AesGcmNonce.Write(nonce, _salt, ssrc, index);
        SrtcpPacket.WriteTrailer(packet.Slice(length + Tag), index);
        SrtcpPacket.GatherAssociated(associated, packet, packet.Slice(length + Tag));
        var body = packet[SrtcpPacket.HeaderLength..length];
        _gcm.Encrypt(nonce, body, body, packet.Slice(length, Tag), associated);
    }

    public override bool OpenRtcp(uint index, uint ssrc, Span<byte> packet, int length)
    {
        Span<byte> nonce = stackalloc byte[AesGcmNonce.Length];
        Span<byte> associated = stackalloc byte[SrtcpPacket.AssociatedLength];
        AesGcmNonce.Write(nonce, _salt, ssrc, index);
        SrtcpPacket.GatherAssociated(associated, packet, packet.Slice(length + Tag));
        return Open(nonce, packet[SrtcpPacket.HeaderLength..length], packet.Slice(length, Tag), associated);
    }

    public override void Dispose()
    {
        _gcm.Dispose();
        CryptographicOperations.ZeroMemory(_salt);
    }

    // AesGcm reports a wrong tag by an exception, some 10 µs: a flood of forged packets is slow but stays correct. GcmSrtpCipher,
    // which is taken where the processor allows it, has no such cost.
    private bool Open(ReadOnlySpan<byte> nonce, Span<byte> body, ReadOnlySpan<byte> tag, ReadOnlySpan<byte> associated)
    {
        try
        {
            _gcm.Decrypt(nonce, body, tag, body, associated);
            return true;
        }
        catch (AuthenticationTagMismatchException)
        {
            return false;
        }
    }
}

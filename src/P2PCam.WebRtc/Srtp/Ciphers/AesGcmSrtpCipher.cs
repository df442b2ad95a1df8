using System.Security.Cryptography;

namespace P2PCam.WebRtc.Srtp.Ciphers;

/// <summary>
/// AEAD_AES_128_GCM and AEAD_AES_256_GCM (RFC 7714).
/// <code>
///  SRTP:   | header (associated data) | encrypted payload            | tag (16) |
///  SRTCP:  | first 8 bytes (assoc.)   | encrypted rest of the packet | tag (16) | E, index (associated data) |
/// </code>
/// </summary>
internal sealed class AesGcmSrtpCipher(Gcm gcm, ReadOnlySpan<byte> salt) : SrtpCipher
{
    private const int Tag = Gcm.TagLength;
    private readonly Gcm _gcm = gcm;
    private readonly byte[] _salt = salt.ToArray();

    public override int TagLength => Tag;

    public override int RtcpIndexOffset => Tag;

    public override void SealRtp(long index, uint ssrc, Span<byte> packet, int headerLength, ReadOnlySpan<byte> payload)
    {
        Span<byte> nonce = stackalloc byte[AesGcmNonce.Length];
        AesGcmNonce.Write(nonce, _salt, ssrc, index);
        var body = packet.Slice(headerLength, payload.Length);
        _gcm.Seal(nonce, packet[..headerLength], payload, body, packet[^Tag..]);
    }

    public override bool OpenRtp(long index, uint ssrc, Span<byte> packet, int headerLength)
    {
        Span<byte> nonce = stackalloc byte[AesGcmNonce.Length];
        AesGcmNonce.Write(nonce, _salt, ssrc, index);
        return _gcm.TryOpen(nonce, packet[..headerLength], packet[headerLength..^Tag], packet[^Tag..]);
    }

    public override void SealRtcp(uint index, uint ssrc, Span<byte> packet, int length)
    {
        Span<byte> nonce = stackalloc byte[AesGcmNonce.Length];
        Span<byte> associated = stackalloc byte[SrtcpPacket.AssociatedLength];
        AesGcmNonce.Write(nonce, _salt, ssrc, index);
        SrtcpPacket.WriteTrailer(packet.Slice(length + Tag), index);
        SrtcpPacket.GatherAssociated(associated, packet, packet.Slice(length + Tag));
        var body = packet[SrtcpPacket.HeaderLength..length];
        _gcm.Seal(nonce, associated, body, body, packet.Slice(length, Tag));
    }

    public override bool OpenRtcp(uint index, uint ssrc, Span<byte> packet, int length)
    {
        Span<byte> nonce = stackalloc byte[AesGcmNonce.Length];
        Span<byte> associated = stackalloc byte[SrtcpPacket.AssociatedLength];
        AesGcmNonce.Write(nonce, _salt, ssrc, index);
        SrtcpPacket.GatherAssociated(associated, packet, packet.Slice(length + Tag));
        return _gcm.TryOpen(nonce, associated, packet[SrtcpPacket.HeaderLength..length], packet.Slice(length, Tag));
    }

    public override void Dispose()
    {
        _gcm.Dispose();
        CryptographicOperations.ZeroMemory(_salt);
    }
}

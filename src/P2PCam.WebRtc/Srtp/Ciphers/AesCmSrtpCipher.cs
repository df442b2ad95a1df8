using System.Buffers.Binary;
using System.Security.Cryptography;

namespace P2PCam.WebRtc.Srtp.Ciphers;

/// <summary>
/// AES_CM_128_HMAC_SHA1_80 (RFC 3711 sections 4.1.1 and 4.2.1).
/// <code>
///  SRTP:   | header | encrypted payload |           | tag (10) |   tag over header, payload and the 4-byte ROC
///  SRTCP:  | 8 bytes | encrypted rest   | E, index  | tag (10) |   tag over all before it
///
///  counter block = salt * 2^16  XOR  SSRC * 2^64  XOR  index * 2^16, plus the block number
/// </code>
/// </summary>
internal sealed class AesCmSrtpCipher : SrtpCipher
{
    private const int Tag = 10;
    private readonly AesCtr _ctr;
    private readonly IncrementalHash _hmac;
    private readonly byte[] _salt;

    public AesCmSrtpCipher(ReadOnlySpan<byte> key, ReadOnlySpan<byte> authenticationKey, ReadOnlySpan<byte> salt)
    {
        _ctr = new AesCtr(key);
#pragma warning disable CA5350 // SHA-1 in HMAC is what the profile prescribes; collisions do not matter there.
        _hmac = IncrementalHash.CreateHMAC(HashAlgorithmName.SHA1, authenticationKey);
#pragma warning restore CA5350
        _salt = salt.ToArray();
    }

    public override int TagLength => Tag;

    public override int RtcpIndexOffset => 0;

    public override void SealRtp(long index, uint ssrc, Span<byte> packet, int headerLength, ReadOnlySpan<byte> payload)
    {
        Span<byte> prefix = stackalloc byte[AesCtr.PrefixLength];
        WritePrefix(prefix, ssrc, index);
        _ctr.Apply(prefix, payload, packet[headerLength..]);
        Authenticate(packet[..^Tag], (uint)(index >> 16), withRoc: true, packet[^Tag..]);
    }

    public override bool OpenRtp(long index, uint ssrc, Span<byte> packet, int headerLength)
    {
        Span<byte> tag = stackalloc byte[Tag];
        Authenticate(packet[..^Tag], (uint)(index >> 16), withRoc: true, tag);
        if (!CryptographicOperations.FixedTimeEquals(tag, packet[^Tag..]))
        {
            return false;
        }

        Span<byte> prefix = stackalloc byte[AesCtr.PrefixLength];
        WritePrefix(prefix, ssrc, index);
        var body = packet[headerLength..^Tag];
        _ctr.Apply(prefix, body, body);
        return true;
    }

    public override void SealRtcp(uint index, uint ssrc, Span<byte> packet, int length)
    {
        Span<byte> prefix = stackalloc byte[AesCtr.PrefixLength];
        WritePrefix(prefix, ssrc, index);
        var body = packet[SrtcpPacket.HeaderLength..length];
        _ctr.Apply(prefix, body, body);
        SrtcpPacket.WriteTrailer(packet[length..], index);
        var end = length + SrtpProfiles.RtcpIndexLength;
        Authenticate(packet[..end], 0, withRoc: false, packet.Slice(end, Tag));
    }

    public override bool OpenRtcp(uint index, uint ssrc, Span<byte> packet, int length)
    {
        Span<byte> tag = stackalloc byte[Tag];
        var end = length + SrtpProfiles.RtcpIndexLength;
        Authenticate(packet[..end], 0, withRoc: false, tag);
        if (!CryptographicOperations.FixedTimeEquals(tag, packet.Slice(end, Tag)))
        {
            return false;
        }

        Span<byte> prefix = stackalloc byte[AesCtr.PrefixLength];
        WritePrefix(prefix, ssrc, index);
        var body = packet[SrtcpPacket.HeaderLength..length];
        _ctr.Apply(prefix, body, body);
        return true;
    }

    public override void Dispose()
    {
        _ctr.Dispose();
        _hmac.Dispose();
        CryptographicOperations.ZeroMemory(_salt);
    }

    private void Authenticate(ReadOnlySpan<byte> bytes, uint roc, bool withRoc, Span<byte> tag)
    {
        Span<byte> full = stackalloc byte[20];
        _hmac.AppendData(bytes);
        if (withRoc)
        {
            Span<byte> suffix = stackalloc byte[4];
            BinaryPrimitives.WriteUInt32BigEndian(suffix, roc);
            _hmac.AppendData(suffix);
        }

        _hmac.TryGetHashAndReset(full, out _);
        full[..Tag].CopyTo(tag);
    }

    private void WritePrefix(Span<byte> prefix, uint ssrc, long index)
    {
        var salt = _salt.AsSpan();
        salt.CopyTo(prefix);
        BinaryPrimitives.WriteUInt32BigEndian(prefix[4..], BinaryPrimitives.ReadUInt32BigEndian(salt[4..]) ^ ssrc);
        var low = BinaryPrimitives.ReadUInt64BigEndian(prefix[6..]);
        BinaryPrimitives.WriteUInt64BigEndian(prefix[6..], low ^ (ulong)index);
    }
}

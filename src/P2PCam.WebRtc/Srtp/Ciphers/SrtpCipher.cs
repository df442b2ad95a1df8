namespace P2PCam.WebRtc.Srtp.Ciphers;

/// <summary>
/// Encryption and authentication of one kind of packet (SRTP or SRTCP) under one session key. It keeps no state between packets:
/// indices, replay and limits are the <see cref="SrtpContext"/>'s.
/// </summary>
internal abstract class SrtpCipher : IDisposable
{
    /// <summary>Bytes of the authentication tag.</summary>
    public abstract int TagLength { get; }

    /// <summary>Bytes between an SRTCP packet's encrypted portion and its index word: the tag's place differs by profile.</summary>
    public abstract int RtcpIndexOffset { get; }

    /// <summary>
    /// Encrypts the payload behind the header and puts the tag behind that. <paramref name="packet"/> is exactly header, payload and
    /// tag long; the payload may be that part of the packet itself.
    /// </summary>
    public abstract void SealRtp(long index, uint ssrc, Span<byte> packet, int headerLength, ReadOnlySpan<byte> payload);

    /// <summary>Checks the tag and decrypts in place. After false the bytes behind the header are worthless.</summary>
    public abstract bool OpenRtp(long index, uint ssrc, Span<byte> packet, int headerLength);

    /// <summary>
    /// Seals <paramref name="length"/> bytes of RTCP; <paramref name="packet"/> ends with room for tag and index.
    /// </summary>
    public abstract void SealRtcp(uint index, uint ssrc, Span<byte> packet, int length);

    public abstract bool OpenRtcp(uint index, uint ssrc, Span<byte> packet, int length);

    public abstract void Dispose();
}

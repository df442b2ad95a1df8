using System.Buffers.Binary;
using System.Security.Cryptography;
using P2PCam.WebRtc.Srtp.Ciphers;

namespace P2PCam.WebRtc.Srtp;

/// <summary>
/// SRTP and SRTCP in one direction under one master key (RFC 3711, RFC 7714): indices, replay windows and limits per SSRC.
/// Make one for what is sent and one for what is received; not for use by two threads at once.
/// </summary>
/// <remarks>
/// A key + index pair is never used for different bytes: master keys are fresh per DTLS handshake, sources are never forgotten, and
/// <see cref="RtpSendState"/> refuses a sequence number that comes back with other bytes. Whoever sends a packet again on its own
/// SSRC must therefore send it unchanged, header extensions included (or use RTX, RFC 4588).
/// </remarks>
internal sealed class SrtpContext : IDisposable
{
    public const int RtpReplayBits = 2048;
    public const int RtcpReplayBits = 256;
    public const long RtcpIndexLimit = 1L << 31;
    private const int LargestRetry = 2048;

    private readonly SrtpCipher _rtp;
    private readonly SrtpCipher _rtcp;
    private readonly SourceTable<RtpSendState> _rtpSenders = new();
    private readonly SourceTable<RtcpSendState> _rtcpSenders = new();
    private readonly SourceTable<ReceiveState> _rtpReceivers = new();
    private readonly SourceTable<ReceiveState> _rtcpReceivers = new();
    private byte[]? _retry;

    /// <summary>For tests of published session keys; others use <see cref="Create"/>.</summary>
    internal SrtpContext(SrtpCipher rtp, SrtpCipher rtcp)
    {
        _rtp = rtp;
        _rtcp = rtcp;
    }

    /// <summary>Bytes that protection adds to an RTP packet.</summary>
    public int RtpOverhead => _rtp.TagLength;

    /// <summary>Bytes that protection adds to an RTCP packet: tag and index.</summary>
    public int RtcpOverhead => _rtcp.TagLength + SrtpProfiles.RtcpIndexLength;

    /// <summary>Why the last Protect call returned 0.</summary>
    public SrtpResult LastRefusal { get; private set; }

    /// <exception cref="ArgumentException">The profile is unknown, or key or salt do not have its lengths.</exception>
    public static SrtpContext Create(SrtpProfile profile, ReadOnlySpan<byte> masterKey, ReadOnlySpan<byte> masterSalt)
    {
        if (!profile.IsSupported())
        {
            throw new ArgumentException($"SRTP profile {profile} is not supported.", nameof(profile));
        }

        if (masterKey.Length != profile.KeyLength() || masterSalt.Length != profile.SaltLength())
        {
            throw new ArgumentException(
                $"{profile} takes a key of {profile.KeyLength()} bytes and a salt of {profile.SaltLength()}; "
                + $"got {masterKey.Length} and {masterSalt.Length}.");
        }

        return new SrtpContext(
            SrtpCipherFactory.Create(profile, masterKey, masterSalt, rtcp: false),
            SrtpCipherFactory.Create(profile, masterKey, masterSalt, rtcp: true));
    }

    /// <summary>
    /// Encrypts <paramref name="payload"/> behind the RTP header that <paramref name="destination"/> starts with, and appends the tag.
    /// The payload is only read, so packets for many viewers can share it; it may also be destination[headerLength..] itself.
    /// </summary>
    /// <returns>Bytes of the packet; 0 if it must not be sent (<see cref="LastRefusal"/> says why).</returns>
    /// <exception cref="ArgumentException">The destination cannot hold header, payload and tag.</exception>
    public int ProtectRtp(Span<byte> destination, int headerLength, ReadOnlySpan<byte> payload)
    {
        var total = headerLength + payload.Length + _rtp.TagLength;
        if (headerLength < RtpHeaderBounds.FixedLength || destination.Length < total)
        {
            throw new ArgumentException(
                $"Header ({headerLength}), payload ({payload.Length}) and tag ({_rtp.TagLength}) need {total} bytes; "
                + $"destination has {destination.Length}.",
                nameof(destination));
        }

        var packet = destination[..total];
        var ssrc = RtpHeaderBounds.Ssrc(packet);
        var state = _rtpSenders.Find(ssrc);
        if (state is null)
        {
            if (_rtpSenders.IsFull)
            {
                return Refuse(SrtpResult.TooManySources);
            }

            _rtpSenders.Add(ssrc, state = new RtpSendState());
        }

        var index = state.Estimate(RtpHeaderBounds.SequenceNumber(packet));
        if (index >= SrtpIndex.Limit)
        {
            return Refuse(SrtpResult.KeyExhausted);
        }

        if (!state.IsWithinHistory(index))
        {
            return Refuse(SrtpResult.TooOld);
        }

        _rtp.SealRtp(index, ssrc, packet, headerLength, payload);
        if (!state.TryRecord(index, BinaryPrimitives.ReadUInt32LittleEndian(packet[^_rtp.TagLength..])))
        {
            packet[headerLength..].Clear();
            return Refuse(SrtpResult.IndexReused);
        }

        return total;
    }

    /// <summary>Encrypts the first <paramref name="length"/> bytes, a compound RTCP packet, in place; appends tag and index.</summary>
    /// <returns>Bytes of the packet; 0 if it must not be sent (<see cref="LastRefusal"/> says why).</returns>
    /// <exception cref="ArgumentException">The destination cannot hold packet, tag and index.</exception>
    public int ProtectRtcp(Span<byte> destination, int length)
    {
        var total = length + RtcpOverhead;
        if (length < SrtcpPacket.HeaderLength || destination.Length < total)
        {
            throw new ArgumentException(
                $"An RTCP packet of {length} bytes (at least {SrtcpPacket.HeaderLength}) needs {total}; "
                + $"destination has {destination.Length}.",
                nameof(destination));
        }

        var ssrc = BinaryPrimitives.ReadUInt32BigEndian(destination[4..]);
        var state = _rtcpSenders.Find(ssrc);
        if (state is null)
        {
            if (_rtcpSenders.IsFull)
            {
                return Refuse(SrtpResult.TooManySources);
            }

            _rtcpSenders.Add(ssrc, state = new RtcpSendState());
        }

        if (state.Next >= RtcpIndexLimit)
        {
            return Refuse(SrtpResult.KeyExhausted);
        }

        _rtcp.SealRtcp((uint)state.Next++, ssrc, destination[..total], length);
        return total;
    }

    /// <summary>Authenticates and decrypts in place. <paramref name="length"/> is what remains without the tag; 0 unless Ok.</summary>
    public SrtpResult UnprotectRtp(Span<byte> packet, out int length)
    {
        length = 0;
        if (packet.Length < RtpHeaderBounds.FixedLength + _rtp.TagLength)
        {
            return SrtpResult.TooShort;
        }

        var headerLength = RtpHeaderBounds.Measure(packet[..^_rtp.TagLength]);
        if (headerLength < 0)
        {
            return SrtpResult.BadHeader;
        }

        var ssrc = RtpHeaderBounds.Ssrc(packet);
        var sequenceNumber = RtpHeaderBounds.SequenceNumber(packet);
        var state = _rtpReceivers.Find(ssrc);
        var result = state is null
            ? OpenFirstRtp(packet, headerLength, ssrc, sequenceNumber)
            : OpenNextRtp(state, packet, headerLength, ssrc, sequenceNumber);
        if (result == SrtpResult.Ok)
        {
            length = packet.Length - _rtp.TagLength;
        }

        return result;
    }

    /// <summary>Authenticates and decrypts in place. <paramref name="length"/>: what remains without tag and index; 0 unless Ok.</summary>
    public SrtpResult UnprotectRtcp(Span<byte> packet, out int length)
    {
        length = 0;
        var plain = packet.Length - RtcpOverhead;
        if (plain < SrtcpPacket.HeaderLength)
        {
            return SrtpResult.TooShort;
        }

        var trailer = packet[(plain + _rtcp.RtcpIndexOffset)..];
        if (packet[0] >> 6 != 2 || !SrtcpPacket.TryReadTrailer(trailer, out var index))
        {
            return SrtpResult.BadHeader;
        }

        var ssrc = BinaryPrimitives.ReadUInt32BigEndian(packet[4..]);
        var state = _rtcpReceivers.Find(ssrc);
        if (state is null && _rtcpReceivers.IsFull)
        {
            return SrtpResult.TooManySources;
        }

        if (state is not null && !state.Window.IsFresh(index))
        {
            return SrtpResult.Replayed;
        }

        if (!_rtcp.OpenRtcp(index, ssrc, packet, plain))
        {
            return SrtpResult.AuthenticationFailed;
        }

        if (state is null)
        {
            _rtcpReceivers.Add(ssrc, state = new ReceiveState(RtcpReplayBits));
        }

        state.Window.Accept(index);
        length = plain;
        return SrtpResult.Ok;
    }

    public void Dispose()
    {
        _rtp.Dispose();
        _rtcp.Dispose();
        CryptographicOperations.ZeroMemory(_retry);
    }

    /// <summary>For tests: a sender's state, to start from published or extreme indices.</summary>
    internal void SetSent(uint ssrc, long rtpIndex, long nextRtcpIndex)
    {
        var rtp = new RtpSendState();
        rtp.TryRecord(rtpIndex, 0);
        _rtpSenders.Add(ssrc, rtp);
        _rtcpSenders.Add(ssrc, new RtcpSendState { Next = nextRtcpIndex });
    }

    // A sender may start just below 65535 and its first packets be lost: then the first one seen is of the second cycle already
    // (RFC 3711 section 3.3.1 leaves the receiver's first roll-over counter to other means). Only the tag can tell, so both are tried.
    private SrtpResult OpenFirstRtp(Span<byte> packet, int headerLength, uint ssrc, ushort sequenceNumber)
    {
        if (_rtpReceivers.IsFull)
        {
            return SrtpResult.TooManySources;
        }

        long index = sequenceNumber;
        var mayRetry = sequenceNumber < 0x8000 && packet.Length <= LargestRetry;
        if (mayRetry)
        {
            packet.CopyTo(_retry ??= new byte[LargestRetry]);
        }

        if (!_rtp.OpenRtp(index, ssrc, packet, headerLength))
        {
            if (!mayRetry)
            {
                return SrtpResult.AuthenticationFailed;
            }

            index += 0x10000;
            _retry.AsSpan(0, packet.Length).CopyTo(packet);
            if (!_rtp.OpenRtp(index, ssrc, packet, headerLength))
            {
                return SrtpResult.AuthenticationFailed;
            }
        }

        var state = new ReceiveState(RtpReplayBits);
        state.Window.Accept(index);
        _rtpReceivers.Add(ssrc, state);
        return SrtpResult.Ok;
    }

    private SrtpResult OpenNextRtp(ReceiveState state, Span<byte> packet, int headerLength, uint ssrc, ushort sequenceNumber)
    {
        var index = SrtpIndex.Estimate(state.Window.Highest, sequenceNumber);
        if (index >= SrtpIndex.Limit)
        {
            return SrtpResult.KeyExhausted;
        }

        if (!state.Window.IsFresh(index))
        {
            return SrtpResult.Replayed;
        }

        if (!_rtp.OpenRtp(index, ssrc, packet, headerLength))
        {
            return SrtpResult.AuthenticationFailed;
        }

        state.Window.Accept(index);
        return SrtpResult.Ok;
    }

    private int Refuse(SrtpResult reason)
    {
        LastRefusal = reason;
        return 0;
    }

    private sealed class RtcpSendState
    {
        public long Next { get; set; }
    }

    private sealed class ReceiveState(int replayBits)
    {
        public ReplayWindow Window = new(replayBits);
    }
}

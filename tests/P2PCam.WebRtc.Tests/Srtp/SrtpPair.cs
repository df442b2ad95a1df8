using System.Buffers.Binary;
using P2PCam.WebRtc.Srtp;

namespace P2PCam.WebRtc.Tests.Srtp;

/// <summary>A sender and a receiver under the same key, and packets to send between them.</summary>
internal sealed class SrtpPair : IDisposable
{
    public const uint Ssrc = 0xCAFE_F00D;

    public SrtpPair(SrtpProfile profile)
    {
        var key = new byte[profile.KeyLength()];
        var salt = new byte[profile.SaltLength()];
        new Random(7).NextBytes(key);
        new Random(8).NextBytes(salt);
        Sender = SrtpContext.Create(profile, key, salt);
        Receiver = SrtpContext.Create(profile, key, salt);
    }

    public static TheoryData<int> Profiles =>
        [(int)SrtpProfile.Aes128CmHmacSha1_80, (int)SrtpProfile.AeadAes128Gcm, (int)SrtpProfile.AeadAes256Gcm];

    public SrtpContext Sender { get; }

    public SrtpContext Receiver { get; }

    public static byte[] Header(ushort sequenceNumber, uint ssrc = Ssrc)
    {
        var header = new byte[12];
        header[0] = 0x80;
        header[1] = 96;
        BinaryPrimitives.WriteUInt16BigEndian(header.AsSpan(2), sequenceNumber);
        BinaryPrimitives.WriteUInt32BigEndian(header.AsSpan(8), ssrc);
        return header;
    }

    /// <summary>A protected packet whose payload is known from its number.</summary>
    public byte[] Seal(long number, uint ssrc = Ssrc, int length = 20)
    {
        var packet = new byte[12 + length + Sender.RtpOverhead];
        Header((ushort)number, ssrc).CopyTo(packet, 0);
        Assert.Equal(packet.Length, Sender.ProtectRtp(packet, 12, Payload(number, length)));
        return packet;
    }

    public static byte[] Payload(long number, int length = 20)
    {
        var payload = new byte[length];
        new Random((int)number).NextBytes(payload);
        return payload;
    }

    public byte[] SealReport(uint ssrc = Ssrc, int words = 3)
    {
        var packet = new byte[(words * 4) + Sender.RtcpOverhead];
        Report(ssrc, words).CopyTo(packet, 0);
        Assert.Equal(packet.Length, Sender.ProtectRtcp(packet, words * 4));
        return packet;
    }

    public static byte[] Report(uint ssrc = Ssrc, int words = 3)
    {
        var report = new byte[words * 4];
        new Random(words).NextBytes(report);
        report[0] = 0x80;
        report[1] = 201;
        BinaryPrimitives.WriteUInt16BigEndian(report.AsSpan(2), (ushort)(words - 1));
        BinaryPrimitives.WriteUInt32BigEndian(report.AsSpan(4), ssrc);
        return report;
    }

    public void Dispose()
    {
        Sender.Dispose();
        Receiver.Dispose();
    }
}

using P2PCam.TestKit.Measuring;
using P2PCam.WebRtc.Srtp;

namespace P2PCam.WebRtc.Tests.Srtp;

/// <summary>Bytes that no honest peer sends: every one of them is a result, and none changes what the context accepts later.</summary>
public sealed class SrtpHostileInputTests
{
    [Theory]
    [MemberData(nameof(SrtpPair.Profiles), MemberType = typeof(SrtpPair))]
    public void Unprotect_EveryLengthUpTo64_GivesAResult(int profile)
    {
        using var pair = new SrtpPair((SrtpProfile)profile);
        var random = new Random(3);
        for (var length = 0; length <= 64; length++)
        {
            for (var round = 0; round < 64; round++)
            {
                var bytes = new byte[length];
                random.NextBytes(bytes);
                if (length > 0 && round % 4 != 0)
                {
                    bytes[0] = (byte)(0x80 | (bytes[0] & 0x3F));
                    bytes[^1] |= 1;
                }

                Assert.NotEqual(SrtpResult.Ok, pair.Receiver.UnprotectRtp(bytes.ToArray(), out var plain));
                Assert.Equal(0, plain);
                Assert.NotEqual(SrtpResult.Ok, pair.Receiver.UnprotectRtcp(bytes, out plain));
                Assert.Equal(0, plain);
            }
        }
    }

    [Theory]
    [MemberData(nameof(SrtpPair.Profiles), MemberType = typeof(SrtpPair))]
    public void Unprotect_AnyOneByteChanged_FailsAndTheOriginalStillOpens(int profile)
    {
        using var pair = new SrtpPair((SrtpProfile)profile);
        Assert.Equal(SrtpResult.Ok, pair.Receiver.UnprotectRtp(pair.Seal(1), out _));
        var packet = pair.Seal(2);
        var report = pair.SealReport(words: 7);
        for (var at = 0; at < packet.Length; at++)
        {
            var changed = packet.ToArray();
            changed[at] ^= 0x40;
            Assert.NotEqual(SrtpResult.Ok, pair.Receiver.UnprotectRtp(changed, out _));
        }

        for (var at = 0; at < report.Length; at++)
        {
            var changed = report.ToArray();
            changed[at] ^= 0x80;
            Assert.NotEqual(SrtpResult.Ok, pair.Receiver.UnprotectRtcp(changed, out _));
        }

        Assert.Equal(SrtpResult.Ok, pair.Receiver.UnprotectRtp(packet, out var length));
        Assert.Equal(SrtpPair.Payload(2), packet[12..length]);
        Assert.Equal(SrtpResult.Ok, pair.Receiver.UnprotectRtcp(report, out length));
        Assert.Equal(SrtpPair.Report(words: 7), report[..length]);
    }

    [Theory]
    [MemberData(nameof(SrtpPair.Profiles), MemberType = typeof(SrtpPair))]
    public void Unprotect_HeaderFieldsBeyondThePacket_AreBadHeaders(int profile)
    {
        using var pair = new SrtpPair((SrtpProfile)profile);
        foreach (var first in new byte[] { 0x00, 0x40, 0xC0, 0x8F, 0x9F, 0xBF })
        {
            var packet = new byte[12 + pair.Receiver.RtpOverhead];
            packet[0] = first;
            Assert.Equal(SrtpResult.BadHeader, pair.Receiver.UnprotectRtp(packet, out _));
        }

        var extended = new byte[16 + pair.Receiver.RtpOverhead];
        extended[0] = 0x90;
        extended[14] = extended[15] = 0xFF;
        Assert.Equal(SrtpResult.BadHeader, pair.Receiver.UnprotectRtp(extended, out _));
    }

    [Theory]
    [MemberData(nameof(SrtpPair.Profiles), MemberType = typeof(SrtpPair))]
    public void ProtectAndUnprotect_CsrcExtensionPaddingAndNoPayload_ComeThroughUnchanged(int profile)
    {
        using var pair = new SrtpPair((SrtpProfile)profile);
        ushort number = 1;
        for (var csrcs = 0; csrcs <= 15; csrcs += 5)
        {
            foreach (var extensionWords in new[] { -1, 0, 1, 9 })
            {
                foreach (var payload in new byte[][] { [], [0], [200], [1, 2, 3, 3], new byte[1100] })
                {
                    var headerLength = 12 + (csrcs * 4) + (extensionWords < 0 ? 0 : 4 + (extensionWords * 4));
                    var packet = new byte[headerLength + payload.Length + pair.Sender.RtpOverhead];
                    SrtpPair.Header(number++).CopyTo(packet, 0);
                    packet[0] = (byte)(0xA0 | csrcs | (extensionWords < 0 ? 0 : 0x10));
                    if (extensionWords >= 0)
                    {
                        packet[12 + (csrcs * 4) + 3] = (byte)extensionWords;
                    }

                    var header = packet[..headerLength];
                    Assert.Equal(packet.Length, pair.Sender.ProtectRtp(packet, headerLength, payload));
                    Assert.Equal(SrtpResult.Ok, pair.Receiver.UnprotectRtp(packet, out var length));
                    Assert.Equal(header.Concat(payload), packet[..length]);
                }
            }
        }
    }

    [Theory]
    [MemberData(nameof(SrtpPair.Profiles), MemberType = typeof(SrtpPair))]
    public void Protect_PayloadAlreadyInPlace_GivesTheSameBytes(int profile)
    {
        foreach (var length in new[] { 1, 16, 20, 127, 128, 129, 1100, 1600 })
        {
            using var apart = new SrtpPair((SrtpProfile)profile);
            using var inPlace = new SrtpPair((SrtpProfile)profile);
            var expected = apart.Seal(5, length: length);
            var packet = new byte[expected.Length];
            SrtpPair.Header(5).CopyTo(packet, 0);
            SrtpPair.Payload(5, length).CopyTo(packet, 12);
            Assert.Equal(packet.Length, inPlace.Sender.ProtectRtp(packet, 12, packet.AsSpan(12, length)));
            Assert.Equal(expected, packet);
        }
    }

    [Theory]
    [MemberData(nameof(SrtpPair.Profiles), MemberType = typeof(SrtpPair))]
    public void Unprotect_UnencryptedRtcp_IsRefused(int profile)
    {
        using var pair = new SrtpPair((SrtpProfile)profile);
        var report = pair.SealReport();
        report[^((SrtpProfile)profile == SrtpProfile.Aes128CmHmacSha1_80 ? 14 : 4)] &= 0x7F;
        Assert.Equal(SrtpResult.BadHeader, pair.Receiver.UnprotectRtcp(report, out _));
    }

    [Fact]
    public void Unprotect_MoreSourcesThanKept_RefusesTheNewOnesAndKeepsTheOld()
    {
        using var pair = new SrtpPair(SrtpProfile.AeadAes128Gcm);
        using var other = new SrtpPair(SrtpProfile.AeadAes128Gcm);
        for (uint ssrc = 0; ssrc < SourceTable<object>.Capacity; ssrc++)
        {
            Assert.Equal(SrtpResult.Ok, pair.Receiver.UnprotectRtp(pair.Seal(1, ssrc), out _));
        }

        Assert.Equal(SrtpResult.TooManySources, pair.Receiver.UnprotectRtp(other.Seal(1, 9999), out _));
        Assert.Equal(SrtpResult.Ok, pair.Receiver.UnprotectRtp(pair.Seal(2, 5), out _));

        var packet = new byte[64];
        SrtpPair.Header(1, 9999).CopyTo(packet, 0);
        Assert.Equal(0, pair.Sender.ProtectRtp(packet, 12, [1]));
        Assert.Equal(SrtpResult.TooManySources, pair.Sender.LastRefusal);
    }

    [Theory]
    [InlineData(SrtpProfile.AeadAes128Gcm, 15, 12)]
    [InlineData(SrtpProfile.AeadAes128Gcm, 16, 14)]
    [InlineData(SrtpProfile.Aes128CmHmacSha1_80, 16, 12)]
    [InlineData((SrtpProfile)0x0002, 16, 14)]
    public void Create_WrongLengthsOrProfile_Throws(object profile, int key, int salt) =>
        Assert.Throws<ArgumentException>(() => SrtpContext.Create((SrtpProfile)profile, new byte[key], new byte[salt]));

    [Theory]
    [MemberData(nameof(SrtpPair.Profiles), MemberType = typeof(SrtpPair))]
    public void ProtectAndUnprotect_SteadyState_AllocateNothing(int profile)
    {
        using var pair = new SrtpPair((SrtpProfile)profile);
        var payload = new byte[1100];
        var packet = new byte[12 + 1100 + pair.Sender.RtpOverhead];
        var report = new byte[32 + pair.Sender.RtcpOverhead];
        var header = SrtpPair.Header(0);
        var ok = 0;
        void Round(int number)
        {
            header[2] = (byte)(number >> 8);
            header[3] = (byte)number;
            header.CopyTo(packet, 0);
            ok += pair.Sender.ProtectRtp(packet, 12, payload) > 0 ? 1 : 0;
            ok += pair.Receiver.UnprotectRtp(packet, out _) == SrtpResult.Ok ? 1 : 0;
            report.AsSpan().Clear();
            report[0] = 0x80;
            ok += pair.Sender.ProtectRtcp(report, 32) > 0 ? 1 : 0;
            ok += pair.Receiver.UnprotectRtcp(report, out _) == SrtpResult.Ok ? 1 : 0;
        }

        var number = 0;
        Assert.Equal(0, SteadyState.LeastAllocated(1000, () => Round(number++)));
        Assert.Equal(4 * number, ok);
    }
}

using P2PCam.WebRtc.Srtp;

namespace P2PCam.WebRtc.Tests.Srtp;

/// <summary>Packet indices on both sides: roll-over, loss, reordering, replay, resending.</summary>
public sealed class SrtpIndexTests
{
    [Fact]
    public void Estimate_AroundAnyHighestIndex_FindsEveryIndexWithinHalfACycle()
    {
        long[] indices = [0, 1, 0x7FFF, 0x8000, 0xFFFF, 0x10000, 0x17FFF, 0x18000, 0x1FFFF, 0x5_0000_0000, SrtpIndex.Limit - 1];
        foreach (var highest in indices)
        {
            foreach (var distance in new long[] { -0x7FFF, -1000, -1, 0, 1, 1000, 0x7FFF })
            {
                if (highest + distance >= 0)
                {
                    Assert.Equal(highest + distance, SrtpIndex.Estimate(highest, (ushort)(highest + distance)));
                }
            }
        }
    }

    [Theory]
    [InlineData(0, 1)]
    [InlineData(32767, 2)]
    [InlineData(32768, 3)]
    [InlineData(65000, 4)]
    [InlineData(65500, 5)]
    [InlineData(65534, 6)]
    [InlineData(65535, 7)]
    public void Unprotect_LossAndReorderingOverRollOvers_OpensEveryPacketThatArrives(int initial, int seed)
    {
        using var pair = new SrtpPair(SrtpProfile.AeadAes128Gcm);
        var random = new Random(seed);
        var held = new List<(long Number, byte[] Packet)>();
        var delivered = 0;
        for (long number = initial; number < initial + 140_000; number++)
        {
            var packet = pair.Seal(number, length: 4);
            if (random.Next(100) >= 10)
            {
                held.Add((number, packet));
            }

            while (held.Count > 20)
            {
                var pick = random.Next(held.Count);
                Assert.Equal(SrtpResult.Ok, pair.Receiver.UnprotectRtp(held[pick].Packet, out var length));
                Assert.Equal(SrtpPair.Payload(held[pick].Number, 4), held[pick].Packet[12..length]);
                held.RemoveAt(pick);
                delivered++;
            }
        }

        Assert.InRange(delivered, 120_000, 130_000);
    }

    [Theory]
    [MemberData(nameof(SrtpPair.Profiles), MemberType = typeof(SrtpPair))]
    public void Unprotect_FirstPacketsLostAcrossTheRollOver_StillFindsTheCycle(int profile)
    {
        using var pair = new SrtpPair((SrtpProfile)profile);
        var lost = pair.Seal(65534);
        pair.Seal(65535);
        Assert.Equal(SrtpResult.Ok, pair.Receiver.UnprotectRtp(pair.Seal(65536), out _));
        Assert.Equal(SrtpResult.Ok, pair.Receiver.UnprotectRtp(pair.Seal(65537), out _));
        Assert.Equal(SrtpResult.Ok, pair.Receiver.UnprotectRtp(lost, out _));
    }

    [Theory]
    [MemberData(nameof(SrtpPair.Profiles), MemberType = typeof(SrtpPair))]
    public void Unprotect_ReplayedAThousandTimes_IsAcceptedOnlyOnce(int profile)
    {
        using var pair = new SrtpPair((SrtpProfile)profile);
        var old = pair.Seal(60_000);
        var captured = pair.Seal(60_001);
        var report = pair.SealReport();
        Assert.Equal(SrtpResult.Ok, pair.Receiver.UnprotectRtp(captured.ToArray(), out _));
        Assert.Equal(SrtpResult.Ok, pair.Receiver.UnprotectRtcp(report.ToArray(), out _));
        for (var i = 0; i < 1000; i++)
        {
            Assert.Equal(SrtpResult.Replayed, pair.Receiver.UnprotectRtp(captured.ToArray(), out var length));
            Assert.Equal(0, length);
            Assert.Equal(SrtpResult.Replayed, pair.Receiver.UnprotectRtcp(report.ToArray(), out _));
            Assert.Equal(SrtpResult.Ok, pair.Receiver.UnprotectRtp(pair.Seal(60_002 + i), out _));
        }

        Assert.Equal(SrtpResult.Ok, pair.Receiver.UnprotectRtp(old, out _));
    }

    [Fact]
    public void ReplayWindow_AnyOrder_AcceptsEachIndexOnceAndReachesBackAtLeast1024()
    {
        var window = new ReplayWindow(SrtpContext.RtpReplayBits);
        var seen = new HashSet<long>();
        var random = new Random(11);
        long highest = 0;
        for (var i = 0; i < 200_000; i++)
        {
            var index = Math.Max(0, highest - 1100 + random.Next(1120 + (i % 1000 == 0 ? 5000 : 0)));
            var fresh = window.IsFresh(index);
            if (highest - index < 1024)
            {
                Assert.Equal(!seen.Contains(index), fresh);
            }

            if (fresh)
            {
                Assert.True(seen.Add(index));
                window.Accept(index);
                highest = Math.Max(highest, index);
            }
        }
    }

    [Fact]
    public void Protect_TwoToTheTwentyPackets_NeverRepeatsAnIndex()
    {
        using var pair = new SrtpPair(SrtpProfile.AeadAes128Gcm);
        var packet = new byte[12 + 1 + pair.Sender.RtpOverhead];
        var opened = 0;
        for (var number = 65_000; number < 65_000 + (1 << 20); number++)
        {
            SrtpPair.Header((ushort)number).CopyTo(packet, 0);
            Assert.NotEqual(0, pair.Sender.ProtectRtp(packet, 12, [1]));

            // The receiver's window takes an index once only, and its tag covers the index: all of them open, so all differ.
            opened += pair.Receiver.UnprotectRtp(packet, out _) == SrtpResult.Ok ? 1 : 0;
        }

        Assert.Equal(1 << 20, opened);
    }

    [Theory]
    [MemberData(nameof(SrtpPair.Profiles), MemberType = typeof(SrtpPair))]
    public void Protect_EarlierSequenceNumberAgain_GivesTheSameBytesOrNothing(int profile)
    {
        using var pair = new SrtpPair((SrtpProfile)profile);
        var first = pair.Seal(65_530);
        for (var number = 65_531; number < 65_531 + 1000; number++)
        {
            pair.Seal(number);
        }

        Assert.Equal(first, pair.Seal(65_530));

        var changed = new byte[first.Length];
        SrtpPair.Header(65_530).CopyTo(changed, 0);
        Assert.Equal(0, pair.Sender.ProtectRtp(changed, 12, SrtpPair.Payload(1)));
        Assert.Equal(SrtpResult.IndexReused, pair.Sender.LastRefusal);
        Assert.All(changed[12..], b => Assert.Equal(0, b));

        SrtpPair.Header(65_530 - 2000).CopyTo(changed, 0);
        Assert.Equal(0, pair.Sender.ProtectRtp(changed, 12, SrtpPair.Payload(1)));
        Assert.Equal(SrtpResult.TooOld, pair.Sender.LastRefusal);
    }

    [Theory]
    [MemberData(nameof(SrtpPair.Profiles), MemberType = typeof(SrtpPair))]
    public void Protect_LastIndexUsed_RefusesMore(int profile)
    {
        using var pair = new SrtpPair((SrtpProfile)profile);
        pair.Sender.SetSent(SrtpPair.Ssrc, SrtpIndex.Limit - 2, SrtpContext.RtcpIndexLimit - 1);
        pair.Seal(65_535);
        var packet = new byte[64];
        SrtpPair.Header(0).CopyTo(packet, 0);
        Assert.Equal(0, pair.Sender.ProtectRtp(packet, 12, [1, 2, 3]));
        Assert.Equal(SrtpResult.KeyExhausted, pair.Sender.LastRefusal);

        Assert.Equal(SrtpResult.Ok, pair.Receiver.UnprotectRtcp(pair.SealReport(), out _));
        SrtpPair.Report().CopyTo(packet, 0);
        Assert.Equal(0, pair.Sender.ProtectRtcp(packet, 12));
        Assert.Equal(SrtpResult.KeyExhausted, pair.Sender.LastRefusal);
    }
}

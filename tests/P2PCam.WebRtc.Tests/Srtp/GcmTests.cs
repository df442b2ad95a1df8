using P2PCam.WebRtc.Srtp;
using P2PCam.WebRtc.Srtp.Ciphers;

namespace P2PCam.WebRtc.Tests.Srtp;

/// <summary>The hand-written AES-GCM against the platform's, bit for bit.</summary>
public sealed class GcmTests
{
    [AcceleratedTheory]
    [InlineData(16)]
    [InlineData(32)]
    public void Seal_EveryLengthUpTo2000_EqualsThePlatforms(int keyLength)
    {
        var random = new Random(keyLength);
        var key = new byte[keyLength];
        var nonce = new byte[12];
        Span<byte> expectedTag = stackalloc byte[16];
        Span<byte> tag = stackalloc byte[16];
        for (var length = 0; length <= 2000; length++)
        {
            random.NextBytes(key);
            random.NextBytes(nonce);
            var associated = new byte[length % 300];
            var plain = new byte[length];
            random.NextBytes(associated);
            random.NextBytes(plain);
            using var platform = new PlatformGcm(key);
            using var fast = new X86Gcm(key);
            var expected = new byte[length];
            var apart = new byte[length];
            var inPlace = plain.ToArray();

            platform.Seal(nonce, associated, plain, expected, expectedTag);
            fast.Seal(nonce, associated, plain, apart, tag);
            Assert.Equal(expected, apart);
            Assert.True(expectedTag.SequenceEqual(tag));
            fast.Seal(nonce, associated, inPlace, inPlace, tag);
            Assert.Equal(expected, inPlace);
            Assert.True(expectedTag.SequenceEqual(tag));

            Assert.True(fast.TryOpen(nonce, associated, inPlace, tag));
            Assert.Equal(plain, inPlace);
            tag[length % 16] ^= 0x10;
            Assert.False(fast.TryOpen(nonce, associated, apart, tag));
            Assert.Equal(expected, apart);
        }
    }

    [Theory]
    [InlineData(SrtpProfile.AeadAes128Gcm, 1_000_000)]
    [InlineData(SrtpProfile.Aes128CmHmacSha1_80, 100_000)]
    public void Unprotect_FloodOfBadTags_DoesNothingButCount(object profile, int count)
    {
        count = Gcm.IsAccelerated || (SrtpProfile)profile == SrtpProfile.Aes128CmHmacSha1_80 ? count : 20_000;
        using var pair = new SrtpPair((SrtpProfile)profile);
        Assert.Equal(SrtpResult.Ok, pair.Receiver.UnprotectRtp(pair.Seal(1), out _));
        var good = pair.Seal(2);
        var forged = new byte[good.Length];
        var failed = 0;
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < count; i++)
        {
            good.CopyTo(forged, 0);
            forged[3] = (byte)(i + 2);
            forged[12 + (i % 20)] ^= (byte)((i % 255) + 1);
            failed += pair.Receiver.UnprotectRtp(forged, out _) == SrtpResult.Ok ? 0 : 1;
        }

        Assert.Equal(count, failed);
        if (Gcm.IsAccelerated)
        {
            Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 10_000);
        }

        Assert.Equal(SrtpResult.Ok, pair.Receiver.UnprotectRtp(good, out _));
    }

    private sealed class AcceleratedTheoryAttribute : TheoryAttribute
    {
        public AcceleratedTheoryAttribute()
        {
            if (!Gcm.IsAccelerated)
            {
                Skip = "This processor has no AES and carry-less multiplication instructions, or they are switched off.";
            }
        }
    }
}

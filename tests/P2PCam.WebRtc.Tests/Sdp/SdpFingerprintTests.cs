using System.Security.Cryptography;
using P2PCam.WebRtc.Sdp;

namespace P2PCam.WebRtc.Tests.Sdp;

public class SdpFingerprintTests
{
    private static readonly byte[] Certificate = [.. Enumerable.Range(0, 300).Select(i => (byte)i)];

    [Fact]
    public void Matches_HashOfTheCertificate_AndNoOther()
    {
        foreach (var (name, hash) in new[]
        {
            ("sha-256", SHA256.HashData(Certificate)), ("SHA-384", SHA384.HashData(Certificate)), ("sha-512", SHA512.HashData(Certificate)),
        })
        {
            Assert.True(SdpFingerprint.TryParse($"{name} {BitConverter.ToString(hash).Replace('-', ':')}", out var fingerprint));
            Assert.True(fingerprint!.Matches(Certificate));
            Assert.False(fingerprint.Matches(Certificate.AsSpan(1)));
        }
    }

    [Fact]
    public void Matches_Sha1_ProvesNothing()
    {
#pragma warning disable CA5350 // that it is weak is the point
        var hash = SHA1.HashData(Certificate);
#pragma warning restore CA5350
        Assert.True(SdpFingerprint.TryParse($"sha-1 {BitConverter.ToString(hash).Replace('-', ':')}", out var fingerprint));
        Assert.False(fingerprint!.Matches(Certificate));
    }

    [Fact]
    public void ToString_OfParsedText_IsTheText()
    {
        var fingerprint = SdpFingerprint.FromSha256(SHA256.HashData(Certificate));
        Assert.True(SdpFingerprint.TryParse(fingerprint.ToString().ToLowerInvariant(), out var again));
        Assert.Equal(fingerprint, again);
        Assert.Equal(fingerprint.ToString(), again!.ToString());
    }

    [Theory]
    [InlineData("")]
    [InlineData("sha-256")]
    [InlineData("sha-256 ")]
    [InlineData(" sha-256 00")]
    [InlineData("sha-999 ")]
    [InlineData("sha-999 0")]
    [InlineData("sha-999 00:")]
    [InlineData("sha-999 00-11")]
    [InlineData("sha-999 0G")]
    [InlineData("sha-999 00:é1")]
    public void TryParse_DamagedText_IsRefused(string text) => Assert.False(SdpFingerprint.TryParse(text, out _));
}

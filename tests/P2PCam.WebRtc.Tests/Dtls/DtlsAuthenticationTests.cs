using System.Security.Cryptography;
using P2PCam.WebRtc.Dtls;

namespace P2PCam.WebRtc.Tests.Dtls;

/// <summary>Only the peer that the session description names gets keys.</summary>
public sealed class DtlsAuthenticationTests
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    [Fact]
    public void Server_ClientWithAnotherCertificate_FailsBeforeMedia()
    {
        using var other = DtlsNetwork.NewCertificate();
        using var network = new DtlsNetwork(client: options => options with { Certificate = other });
        network.Start();
        network.Run(Limit);
        Assert.Equal(DtlsFailure.FingerprintMismatch, Assert.Single(network.ServerEvents).Failure);
        Assert.Equal(DtlsFailure.PeerAlert, Assert.Single(network.ClientEvents).Failure);
        Assert.True(network.Now < TimeSpan.FromSeconds(2));
    }

    [Fact]
    public void Client_ServerWithAnotherCertificate_FailsBeforeMedia()
    {
        using var other = DtlsNetwork.NewCertificate();
        using var network = new DtlsNetwork(server: options => options with { Certificate = other });
        network.Start();
        network.Run(Limit);
        Assert.Equal(DtlsFailure.FingerprintMismatch, Assert.Single(network.ClientEvents).Failure);
        Assert.Equal(DtlsFailure.PeerAlert, Assert.Single(network.ServerEvents).Failure);
    }

    [Fact]
    public void Server_NoFingerprintGiven_LetsNobodyIn()
    {
        using var network = new DtlsNetwork(server: options => options with { RemoteFingerprints = [] });
        network.Start();
        network.Run(Limit);
        Assert.Equal(DtlsFailure.FingerprintMismatch, Assert.Single(network.ServerEvents).Failure);
    }

    [Fact]
    public void Server_NoProfileInCommon_FailsWithThatReason()
    {
        using var network = new DtlsNetwork(
            client: options => options with { SrtpProfiles = [P2PCam.WebRtc.Srtp.SrtpProfile.AeadAes256Gcm] },
            server: options => options with { SrtpProfiles = [P2PCam.WebRtc.Srtp.SrtpProfile.AeadAes128Gcm] });
        network.Start();
        network.Run(Limit);
        Assert.Equal(DtlsFailure.NoSrtpProfile, Assert.Single(network.ServerEvents).Failure);
        Assert.Equal(DtlsFailure.PeerAlert, Assert.Single(network.ClientEvents).Failure);
    }

    [Theory]
    [InlineData("sha-256", true)]
    [InlineData("SHA-384", true)]
    [InlineData("sha-512", true)]
    [InlineData("sha-1", false)]
    [InlineData("md5", false)]
    public void Matches_HashByAlgorithm_CountsOnlyStrongOnes(string algorithm, bool counts)
    {
        var certificate = DtlsNetwork.ClientCertificate.Encoded.ToArray();
        var name = new HashAlgorithmName(algorithm.ToUpperInvariant().Replace("-", "", StringComparison.Ordinal));
        var value = DtlsFingerprint.Format(CryptographicOperations.HashData(name, certificate));
        Assert.Equal(counts, new DtlsFingerprint(algorithm, value).Matches(certificate));
        Assert.Equal(counts, new DtlsFingerprint(algorithm, value.ToLowerInvariant()).Matches(certificate));
        Assert.False(new DtlsFingerprint(algorithm, value[..^1]).Matches(certificate));
        Assert.False(new DtlsFingerprint(algorithm, value + ":00").Matches(certificate));
        Assert.False(new DtlsFingerprint(algorithm, value.Replace(':', '-')).Matches(certificate));
        Assert.False(new DtlsFingerprint(algorithm, "").Matches(certificate));
        certificate[^1] ^= 1;
        Assert.False(new DtlsFingerprint(algorithm, value).Matches(certificate));
    }

    [Fact]
    public void Create_FingerprintIsThatOfTheCertificateAndEachIsNew()
    {
        var one = DtlsNetwork.ClientCertificate;
        Assert.Equal(95, one.Sha256Fingerprint.Length);
        var pairs = Convert.ToHexString(SHA256.HashData(one.Encoded)).Chunk(2).Select(pair => new string(pair));
        Assert.Equal(string.Join(':', pairs), one.Sha256Fingerprint);
        Assert.NotEqual(one.Sha256Fingerprint, DtlsNetwork.ServerCertificate.Sha256Fingerprint);
    }
}

using System.Text.Json;
using P2PCam.TestKit;
using P2PCam.WebRtc.Srtp;
using P2PCam.WebRtc.Srtp.Ciphers;

namespace P2PCam.WebRtc.Tests.Srtp;

/// <summary>The published vectors: RFC 7714 sections 16 and 17, RFC 3711 appendices B.2 and B.3, RFC 6188 section 7.1.</summary>
public sealed class SrtpVectorTests
{
    private const uint VectorSsrc = 0x4d617273;
    private const uint VectorRtcpIndex = 0x5d4;

    [VectorsFact]
    public void Gcm_Rfc7714Packets_AreSealedAndOpenedToTheByte()
    {
        using var file = Open("rfc7714.json");
        var count = 0;
        foreach (var vector in file.RootElement.GetProperty("vectors").EnumerateArray())
        {
            var key = Hex(vector, "srtpSessionKey");
            var salt = Hex(vector, "srtpSessionSalt");
            CheckPackets(vector, () => new AesGcmSrtpCipher(new PlatformGcm(key), salt));
            CheckPackets(vector, () => new AesGcmSrtpCipher(Gcm.Create(key), salt));
            count++;
        }

        Assert.Equal(2, count);
    }

    [VectorsFact]
    public void AesCtr_Rfc3711AndRfc6188Keystreams_Match()
    {
        using var file = Open("rfc3711.json");
        foreach (var name in new[] { "b2", "aes256" })
        {
            var vector = file.RootElement.GetProperty(name);
            using var ctr = new AesCtr(Hex(vector, "sessionKey"));
            var keystream = new byte[48];
            ctr.Apply(Hex(vector, "sessionSalt").AsSpan(0, AesCtr.PrefixLength), keystream, keystream);
            Assert.Equal(Hex(vector, "keystreamFirst48"), keystream);
        }
    }

    [VectorsFact]
    public void Derive_Rfc3711AppendixB3_GivesTheSessionKeys()
    {
        using var file = Open("rfc3711.json");
        var vector = file.RootElement.GetProperty("b3");
        byte[] Derive(SrtpKeyLabel label, int length) =>
            SrtpKeyDerivation.Derive(Hex(vector, "masterKey"), Hex(vector, "masterSalt"), label, length);

        Assert.Equal(Hex(vector, "cipherKey"), Derive(SrtpKeyLabel.RtpEncryption, 16));
        Assert.Equal(Hex(vector, "cipherSalt"), Derive(SrtpKeyLabel.RtpSalt, 14));
        Assert.Equal(Hex(vector, "authKey20"), Derive(SrtpKeyLabel.RtpAuthentication, 20));
    }

    private static void CheckPackets(JsonElement vector, Func<SrtpCipher> cipher)
    {
        using var context = new SrtpContext(cipher(), cipher());
        using var receiver = new SrtpContext(cipher(), cipher());
        context.SetSent(VectorSsrc, 0, VectorRtcpIndex);

        var plain = Hex(vector, "decryptedRTPPacket");
        var packet = new byte[plain.Length + context.RtpOverhead];
        plain.AsSpan(0, 12).CopyTo(packet);
        Assert.Equal(packet.Length, context.ProtectRtp(packet, 12, plain.AsSpan(12)));
        Assert.Equal(Hex(vector, "encryptedRTPPacket"), packet);
        Assert.Equal(SrtpResult.Ok, receiver.UnprotectRtp(packet, out var length));
        Assert.Equal(plain, packet[..length]);

        var report = Hex(vector, "decryptedRTCPPacket");
        packet = new byte[report.Length + context.RtcpOverhead];
        report.CopyTo(packet, 0);
        Assert.Equal(packet.Length, context.ProtectRtcp(packet, report.Length));
        Assert.Equal(Hex(vector, "encryptedRTCPPacket"), packet);
        Assert.Equal(SrtpResult.Ok, receiver.UnprotectRtcp(packet, out length));
        Assert.Equal(report, packet[..length]);
    }

    private static JsonDocument Open(string name) => JsonDocument.Parse(File.ReadAllText(Path.Combine(Repository.Vectors!, "rfc", name)));

    private static byte[] Hex(JsonElement element, string name) => Convert.FromHexString(element.GetProperty(name).GetString()!);
}

using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text.RegularExpressions;
using P2PCam.TestKit;
using P2PCam.WebRtc.Dtls;
using P2PCam.WebRtc.Srtp;

namespace P2PCam.WebRtc.Tests.Dtls;

/// <summary>Against another implementation, over loopback: OpenSSL prints the keying material that it exported.</summary>
public sealed partial class OpenSslTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("p2pcam-dtls").FullName;
    private readonly DtlsHandshakePool _pool = new();

    [ToolTheory("openssl")]
    [InlineData("SRTP_AEAD_AES_128_GCM:SRTP_AES128_CM_SHA1_80", SrtpProfile.AeadAes128Gcm)]
    [InlineData("SRTP_AEAD_AES_256_GCM", SrtpProfile.AeadAes256Gcm)]
    [InlineData("SRTP_AES128_CM_SHA1_80", SrtpProfile.Aes128CmHmacSha1_80)]
    public void Server_OpenSslClient_ExportsTheSameKeys(string offered, object expected)
    {
        var profile = (SrtpProfile)expected;
        var (certificate, fingerprint) = WriteCertificate();
        using var socket = new UdpClient(new IPEndPoint(IPAddress.Loopback, 0));
        using var openssl = Start(
            $"s_client -dtls1_2 -connect 127.0.0.1:{Port(socket)} {certificate} -use_srtp {offered} {Export(profile)}");
        using var endpoint = NewEndpoint(DtlsRole.Server, fingerprint);
        var connected = Run(endpoint, socket, null);
        using var keys = connected.Keys!;
        Assert.Equal(profile, keys.Profile);
        Assert.Equal(ReadKeyingMaterial(openssl), Client(keys, remote: true));
    }

    // With -listen the server first asks for its cookie back: HelloVerifyRequest.
    [ToolTheory("openssl")]
    [InlineData("SRTP_AEAD_AES_128_GCM", SrtpProfile.AeadAes128Gcm, "")]
    [InlineData("SRTP_AES128_CM_SHA1_80", SrtpProfile.Aes128CmHmacSha1_80, "")]
    [InlineData("SRTP_AEAD_AES_128_GCM", SrtpProfile.AeadAes128Gcm, "-listen")]
    public void Client_OpenSslServer_ExportsTheSameKeys(string offered, object expected, string more)
    {
        var profile = (SrtpProfile)expected;
        var (certificate, fingerprint) = WriteCertificate();
        int port;
        using (var probe = new UdpClient(new IPEndPoint(IPAddress.Loopback, 0)))
        {
            port = Port(probe);
        }

        using var openssl = Start(
            $"s_server -dtls1_2 -accept 127.0.0.1:{port} -verify 1 {certificate} -use_srtp {offered} {Export(profile)} {more}");
        using var socket = new UdpClient(new IPEndPoint(IPAddress.Loopback, 0));
        using var endpoint = NewEndpoint(DtlsRole.Client, fingerprint);
        var connected = Run(endpoint, socket, new IPEndPoint(IPAddress.Loopback, port));
        using var keys = connected.Keys!;
        Assert.Equal(profile, keys.Profile);
        Assert.Equal(ReadKeyingMaterial(openssl), Client(keys, remote: false));
    }

    // GStreamer's peers show RSA certificates, in either role.
    [ToolTheory("openssl")]
    [InlineData(2048, true)]
    [InlineData(4096, true)]
    [InlineData(1024, false)]
    [InlineData(4608, false)]
    public void Server_OpenSslClientWithRsa_IsTakenWithinBounds(int bits, bool isTaken)
    {
        var (certificate, fingerprint) = WriteRsaCertificate(bits);
        using var socket = new UdpClient(new IPEndPoint(IPAddress.Loopback, 0));
        using var openssl = Start($"s_client -dtls1_2 -connect 127.0.0.1:{Port(socket)} {certificate} -use_srtp SRTP_AES128_CM_SHA1_80 -cipher DEFAULT@SECLEVEL=0");
        using var endpoint = NewEndpoint(DtlsRole.Server, fingerprint);
        var end = Run(endpoint, socket, null);
        Assert.Equal(isTaken ? DtlsFailure.None : DtlsFailure.Protocol, end.Failure);
        end.Keys?.Dispose();
        Stop(openssl);
    }

    [ToolTheory("openssl")]
    [InlineData("ECDHE-RSA-AES128-GCM-SHA256")]
    [InlineData("ECDHE-RSA-AES256-GCM-SHA384")]
    public void Client_OpenSslServerWithRsa_ExportsTheSameKeys(string cipher)
    {
        const SrtpProfile Profile = SrtpProfile.Aes128CmHmacSha1_80;
        var (certificate, fingerprint) = WriteRsaCertificate(2048);
        int port;
        using (var probe = new UdpClient(new IPEndPoint(IPAddress.Loopback, 0)))
        {
            port = Port(probe);
        }

        using var openssl = Start($"s_server -dtls1_2 -accept 127.0.0.1:{port} -verify 1 {certificate} -cipher {cipher} -use_srtp SRTP_AES128_CM_SHA1_80 {Export(Profile)}");
        using var socket = new UdpClient(new IPEndPoint(IPAddress.Loopback, 0));
        using var endpoint = NewEndpoint(DtlsRole.Client, fingerprint);
        using var keys = Run(endpoint, socket, new IPEndPoint(IPAddress.Loopback, port)).Keys!;
        Assert.Equal(ReadKeyingMaterial(openssl), Client(keys, remote: false));
    }

    [ToolFact("openssl")]
    public void Server_OpenSslClientWithoutCertificate_FailsWithThatReason()
    {
        using var socket = new UdpClient(new IPEndPoint(IPAddress.Loopback, 0));
        using var openssl = Start($"s_client -dtls1_2 -connect 127.0.0.1:{Port(socket)} -use_srtp SRTP_AEAD_AES_128_GCM");
        using var endpoint = NewEndpoint(DtlsRole.Server, DtlsNetwork.ClientCertificate.Fingerprint);
        Assert.Equal(DtlsFailure.NoClientCertificate, Run(endpoint, socket, null).Failure);
        Stop(openssl);
    }

    [ToolFact("openssl")]
    public void Server_OpenSslClientWithoutSrtp_FailsWithThatReason()
    {
        var (certificate, fingerprint) = WriteCertificate();
        using var socket = new UdpClient(new IPEndPoint(IPAddress.Loopback, 0));
        using var openssl = Start($"s_client -dtls1_2 -connect 127.0.0.1:{Port(socket)} {certificate}");
        using var endpoint = NewEndpoint(DtlsRole.Server, fingerprint);
        Assert.Equal(DtlsFailure.NoSrtpProfile, Run(endpoint, socket, null).Failure);
        Stop(openssl);
    }

    public void Dispose()
    {
        _pool.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    // The driver's work in small: a socket, a clock, and draining.
    private static DtlsEvent Run(DtlsEndpoint endpoint, UdpClient socket, IPEndPoint? peer)
    {
        var clock = Stopwatch.StartNew();
        var buffer = new byte[1500];
        socket.Client.ReceiveTimeout = 5;
        endpoint.Start(clock.Elapsed);
        DtlsEvent? done = null;
        while (true)
        {
            // What is to be sent comes before the event that it belongs to is acted on.
            while (endpoint.PollTransmit(buffer, out var length))
            {
                socket.Send(buffer, length, peer);
            }

            if (done is { } e)
            {
                return e;
            }

            if (endpoint.PollEvent(out var next))
            {
                done = next;
                continue;
            }

            try
            {
                EndPoint from = new IPEndPoint(IPAddress.Any, 0);
                var length = socket.Client.ReceiveFrom(buffer, ref from);
                peer = (IPEndPoint)from;
                endpoint.HandleDatagram(clock.Elapsed, buffer.AsSpan(0, length));
            }
            catch (SocketException)
            {
                // Nothing came, or openssl is not listening yet.
            }

            if (clock.Elapsed >= endpoint.NextTimeout)
            {
                endpoint.HandleTimeout(clock.Elapsed);
            }
        }
    }

    private DtlsEndpoint NewEndpoint(DtlsRole role, DtlsFingerprint remote) =>
        new(new DtlsOptions { Role = role, Certificate = DtlsNetwork.ServerCertificate, RemoteFingerprints = [remote] }, _pool, null);

    private (string Arguments, DtlsFingerprint Fingerprint) WriteCertificate()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        return WriteCertificate(new CertificateRequest("CN=openssl", key, HashAlgorithmName.SHA256), key);
    }

    private (string Arguments, DtlsFingerprint Fingerprint) WriteRsaCertificate(int bits)
    {
        using var key = RSA.Create(bits);
        return WriteCertificate(new CertificateRequest("CN=openssl", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1), key);
    }

    private (string Arguments, DtlsFingerprint Fingerprint) WriteCertificate(CertificateRequest request, AsymmetricAlgorithm key)
    {
        using var certificate = request.CreateSelfSigned(DateTimeOffset.UnixEpoch, DateTimeOffset.UnixEpoch.AddYears(100));
        File.WriteAllText(Path.Combine(_folder, "cert.pem"), certificate.ExportCertificatePem());
        File.WriteAllText(Path.Combine(_folder, "key.pem"), key.ExportPkcs8PrivateKeyPem());
        var hash = DtlsFingerprint.Format(SHA256.HashData(certificate.RawData));
        return ("-cert cert.pem -key key.pem", new DtlsFingerprint("sha-256", hash));
    }

    private Process Start(string arguments) => Process.Start(new ProcessStartInfo("openssl", arguments)
    {
        WorkingDirectory = _folder,
        RedirectStandardInput = true,
        RedirectStandardOutput = true,
        RedirectStandardError = true,
    })!;

    private static string Export(SrtpProfile profile) =>
        $"-keymatexport {DtlsSrtpKeys.ExporterLabel} -keymatexportlen {DtlsSrtpKeys.LengthOf(profile)}";

    private static string ReadKeyingMaterial(Process openssl)
    {
        while (openssl.StandardOutput.ReadLine() is { } line)
        {
            var match = KeyingMaterial().Match(line);
            if (match.Success)
            {
                Stop(openssl);
                return match.Groups[1].Value;
            }
        }

        throw new InvalidOperationException($"openssl printed no keying material: {openssl.StandardError.ReadToEnd()}");
    }

    private static void Stop(Process openssl)
    {
        openssl.Kill();
        openssl.WaitForExit();
    }

    private static string Client(DtlsSrtpKeys keys, bool remote)
    {
        byte[] material = remote
            ? [.. keys.RemoteMasterKey, .. keys.LocalMasterKey, .. keys.RemoteMasterSalt, .. keys.LocalMasterSalt]
            : [.. keys.LocalMasterKey, .. keys.RemoteMasterKey, .. keys.LocalMasterSalt, .. keys.RemoteMasterSalt];
        return Convert.ToHexString(material);
    }

    private static int Port(UdpClient socket) => ((IPEndPoint)socket.Client.LocalEndPoint!).Port;

    [GeneratedRegex("Keying material: ([0-9A-F]+)")]
    private static partial Regex KeyingMaterial();
}

using System.Buffers.Binary;
using P2PCam.WebRtc.Dtls;
using P2PCam.WebRtc.Dtls.Records;

namespace P2PCam.WebRtc.Tests.Dtls;

/// <summary>
/// The shape of a browser's ClientHello in 2026: DTLS 1.3 and 1.2 offered, a post-quantum key share, so some 1.4 kB in two fragments.
/// </summary>
public sealed class BrowserClientHelloTests
{
    private const int ServerHelloType = 2;
    private const int EcdheEcdsaAes128Gcm = 0xC02B;

    [Theory]
    [InlineData(1187, false)]
    [InlineData(1187, true)]
    [InlineData(1390, false)]
    [InlineData(1390, true)]
    public void ServerHello_ToABrowsersClientHelloInTwoFragments_ChoosesDtls12AndGcm(int firstFragment, bool reversed)
    {
        using var pool = new DtlsHandshakePool();
        var options = new DtlsOptions
        {
            Role = DtlsRole.Server,
            Certificate = DtlsNetwork.ServerCertificate,
            RemoteFingerprints = [DtlsNetwork.ClientCertificate.Fingerprint],
        };
        using var woken = new SemaphoreSlim(0);
        using var server = new DtlsEndpoint(options, pool, () => woken.Release());
        server.Start(TimeSpan.Zero);
        var hello = ClientHello();
        Assert.InRange(hello.Length, 1400, 1500);
        byte[][] datagrams = [Datagram(hello, 0, firstFragment), Datagram(hello, firstFragment, hello.Length - firstFragment)];
        foreach (var datagram in reversed ? datagrams.Reverse() : datagrams)
        {
            server.HandleDatagram(TimeSpan.FromMilliseconds(1), datagram);
        }

        Assert.True(woken.Wait(TimeSpan.FromSeconds(20)), "The loop was not woken.");
        Assert.True(server.WaitUntilQuiescent(TimeSpan.FromSeconds(20)));
        var buffer = new byte[1500];
        Assert.True(server.PollTransmit(buffer, out var length));
        ReadOnlySpan<byte> rest = buffer.AsSpan(0, length);
        Assert.True(DtlsRecord.TryRead(ref rest, out var record));
        var fragment = record.Fragment;
        Assert.True(HandshakeFragment.TryRead(ref fragment, out var message));
        Assert.Equal(ServerHelloType, (int)message.Type);
        var body = message.Body;
        Assert.Equal(DtlsRecord.Dtls12, BinaryPrimitives.ReadUInt16BigEndian(body));
        var suite = 35 + body[34];
        Assert.Equal(EcdheEcdsaAes128Gcm, BinaryPrimitives.ReadUInt16BigEndian(body[suite..]));

        // use_srtp (14): one profile, AEAD_AES_128_GCM, and no MKI. extended_master_secret (23): empty.
        Assert.True(body.IndexOf((ReadOnlySpan<byte>)[0, 14, 0, 5, 0, 2, 0, 7, 0]) > suite);
        Assert.True(body.IndexOf((ReadOnlySpan<byte>)[0, 23, 0, 0]) > suite);
        Assert.Equal(TimeSpan.FromMilliseconds(101), server.NextTimeout);
    }

    private static byte[] ClientHello()
    {
        var random = new Random(4);
        var hybridShare = new byte[1216];
        var x25519Share = new byte[32];
        var hello = new byte[32];
        random.NextBytes(hybridShare);
        random.NextBytes(x25519Share);
        random.NextBytes(hello);
        byte[] extensions =
        [
            .. Extension(0x002B, [4, 0xFE, 0xFC, 0xFE, 0xFD]),
            .. Extension(0x000A, Vector([0x11, 0xEC, 0x00, 0x1D, 0x00, 0x17, 0x00, 0x18])),
            .. Extension(0x0033, Vector([0x11, 0xEC, .. Vector(hybridShare), 0x00, 0x1D, .. Vector(x25519Share)])),
            .. Extension(0x000D, Vector([4, 3, 8, 4, 4, 1, 5, 3, 8, 5, 5, 1, 8, 6, 6, 1, 2, 1])),
            .. Extension(0x000B, [1, 0]),
            .. Extension(0x000E, [.. Vector([0, 1, 0, 8, 0, 7]), 0]),
            .. Extension(0x0017, []),
            .. Extension(0xFF01, [0]),
        ];
        byte[] suites = [0x13, 1, 0x13, 2, 0x13, 3, 0xC0, 0x2B, 0xC0, 0x2F, 0xCC, 0xA9, 0xCC, 0xA8, 0xC0, 9, 0xC0, 0x13, 0xC0, 0xA, 0xC0, 0x14];
        return [0xFE, 0xFD, .. hello, 0, 0, .. Vector(suites), 1, 0, .. Vector(extensions)];
    }

    private static byte[] Datagram(byte[] hello, int offset, int length)
    {
        var datagram = new byte[DtlsRecord.HeaderLength + HandshakeFragment.HeaderLength + length];
        DtlsRecord.WriteHeader(datagram, DtlsContentType.Handshake, (ulong)offset, datagram.Length - DtlsRecord.HeaderLength);
        datagram[2] = 0xFF;
        var fragment = datagram.AsSpan(DtlsRecord.HeaderLength);
        HandshakeFragment.WriteHeader(fragment, HandshakeType.ClientHello, hello.Length, 0, offset, length);
        hello.AsSpan(offset, length).CopyTo(fragment[HandshakeFragment.HeaderLength..]);
        return datagram;
    }

    private static byte[] Extension(int type, byte[] body) => [(byte)(type >> 8), (byte)type, .. Vector(body)];

    private static byte[] Vector(byte[] bytes) => [(byte)(bytes.Length >> 8), (byte)bytes.Length, .. bytes];
}

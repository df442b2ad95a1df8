using System.Buffers.Binary;
using System.Text;
using System.Text.RegularExpressions;
using P2PCam.TestKit;
using P2PCam.WebRtc.Dtls;
using P2PCam.WebRtc.Dtls.Records;

namespace P2PCam.WebRtc.Tests.Dtls;

/// <summary>Strays, floods and forgeries: the real handshake goes on, memory and answers stay bounded.</summary>
public sealed partial class DtlsHostileInputTests
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    [Fact]
    public void StrayClientHellos_InMidHandshakeAndAfter_NeitherAnsweredNorHarmful()
    {
        using var network = new DtlsNetwork();
        var hello = CaptureClientHello();
        network.Start();
        network.Run(TimeSpan.FromMilliseconds(7));
        Assert.Equal(DtlsState.Handshaking, network.Server.State);
        FloodWithHellos(network, hello, 5000);
        network.Run(Limit);
        Assert.Equal(DtlsEventKind.Connected, Assert.Single(network.ClientEvents).Kind);
        Assert.Equal(DtlsEventKind.Connected, Assert.Single(network.ServerEvents).Kind);
        FloodWithHellos(network, hello, 5000);
        Assert.Equal(DtlsState.Connected, network.Server.State);
        Assert.Single(network.ServerEvents);
    }

    [Fact]
    public void RandomDatagrams_InMidHandshakeAndAfter_AreIgnored()
    {
        using var network = new DtlsNetwork();
        var random = new Random(5);
        network.Start();
        network.Run(TimeSpan.FromMilliseconds(7));
        FloodWithNoise(network, random, 2500, epoch: null);
        network.Run(Limit);
        Assert.Equal(DtlsState.Connected, network.Server.State);
        Assert.Equal(DtlsState.Connected, network.Client.State);
        FloodWithNoise(network, random, 2500, epoch: null);
        FloodWithNoise(network, random, 2500, epoch: 1);
        Assert.Equal(DtlsState.Connected, network.Server.State);
        Assert.Equal(DtlsState.Connected, network.Client.State);
    }

    [Fact]
    public void ForgedEncryptedRecords_WhileFinishedIsAwaited_DoNotEndTheHandshake()
    {
        using var network = new DtlsNetwork();
        var random = new Random(6);
        network.Start();
        network.Tamper = (toServer, datagram) =>
        {
            // Between CertificateVerify and Finished, the moment at which they could hurt most.
            var cut = toServer ? FindRecord(datagram, DtlsContentType.ChangeCipherSpec) : -1;
            if (cut < 0)
            {
                return [datagram];
            }

            var forged = Enumerable.Range(0, 3).Select(_ => Noise(random, epoch: 1));
            return [datagram[..cut], .. forged, datagram[cut..]];
        };
        network.Run(Limit);
        Assert.Equal(DtlsState.Connected, network.Server.State);
        Assert.Equal(DtlsState.Connected, network.Client.State);
    }

    [Fact]
    public void UnencryptedAlert_ForgedInMidHandshake_DoesNotEndIt()
    {
        using var network = new DtlsNetwork();
        network.Start();
        network.Run(TimeSpan.FromMilliseconds(7));
        byte[] alert = [21, 0xFE, 0xFD, 0, 0, 0, 0, 0, 0, 0, 9, 0, 2, 2, 40];
        network.Inject(true, alert);
        network.Inject(false, alert);
        network.Run(Limit);
        Assert.Equal(DtlsState.Connected, network.Server.State);
        Assert.Equal(DtlsState.Connected, network.Client.State);
    }

    [Theory]
    [InlineData("reversed")]
    [InlineData("overlapping")]
    [InlineData("with empty ones")]
    [InlineData("one byte each")]
    [InlineData("one byte each, reversed")]
    public void ClientHelloInFragments_AnyCut_IsTaken(string cut)
    {
        using var network = new DtlsNetwork();
        network.Tamper = (toServer, datagram) =>
            toServer && datagram[13] == (byte)HandshakeType.ClientHello ? Fragment(datagram, cut) : [datagram];
        network.Start();
        network.Run(Limit);
        Assert.Equal(DtlsState.Connected, network.Server.State);
        Assert.Equal(DtlsState.Connected, network.Client.State);
    }

    [Fact]
    public void FragmentFlood_ManyMessagesAndLengths_EndsAtALimitWithBoundedMemory()
    {
        var options = new DtlsOptions { Role = DtlsRole.Server, Certificate = DtlsNetwork.ServerCertificate, RemoteFingerprints = [] };
        var filter = new InboundFilter(options);
        var output = new Queue<InboundRecord>();
        var random = new Random(9);
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 100_000; i++)
        {
            var body = new byte[25];
            var (type, sequence) = ((HandshakeType)random.Next(21), (ushort)random.Next(40));
            HandshakeFragment.WriteHeader(body, type, 16_000, sequence, random.Next(16_000 - 13), 13);
            filter.Accept(TimeSpan.Zero, Record(body), output);
        }

        Assert.Contains(filter.Failure, new[] { DtlsFailure.TooManyBytes, DtlsFailure.TooManyFragments });
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 100_000 * 200);
        Assert.Empty(output);
    }

    [Fact]
    public void Pool_Full_FailsWithBusyAndServesAgainLater()
    {
        using var pool = new DtlsHandshakePool(threads: 1, waiting: 1);
        var options = new DtlsOptions { Role = DtlsRole.Client, Certificate = DtlsNetwork.ClientCertificate, RemoteFingerprints = [] };
        var endpoints = Enumerable.Range(0, 3).Select(_ => new DtlsEndpoint(options, pool, null)).ToList();
        endpoints[0].Start(TimeSpan.Zero);
        Assert.True(endpoints[0].WaitUntilQuiescent(TimeSpan.FromSeconds(10)));
        endpoints[1].Start(TimeSpan.Zero);
        endpoints[2].Start(TimeSpan.Zero);
        Assert.True(endpoints[2].PollEvent(out var busy));
        Assert.Equal(DtlsFailure.Busy, busy.Failure);

        endpoints[0].Dispose();
        Assert.True(endpoints[1].WaitUntilQuiescent(TimeSpan.FromSeconds(10)));
        Assert.True(endpoints[1].PollTransmit(new byte[1200], out _));
        endpoints[1].Dispose();
    }

    [VectorsFact]
    public void PionCorpus_EveryInput_LeavesTheHandshakeAlone()
    {
        var inputs = Directory.EnumerateFiles(Path.Combine(Repository.Vectors!, "corpus", "pion", "dtls"), "*", SearchOption.AllDirectories)
            .Select(File.ReadAllText).SelectMany(GoBytes).ToList();
        Assert.True(inputs.Count > 100);
        using var network = new DtlsNetwork();
        network.Start();
        network.Run(TimeSpan.FromMilliseconds(7));
        foreach (var input in inputs)
        {
            foreach (var datagram in new[] { input, Record(input) })
            {
                network.Inject(true, datagram);
                network.Inject(false, datagram);
            }
        }

        network.Run(Limit);
        Assert.NotEqual(DtlsState.Handshaking, network.Server.State);
        Assert.NotEqual(DtlsState.Handshaking, network.Client.State);
    }

    private static void FloodWithHellos(DtlsNetwork network, byte[] hello, int count)
    {
        var random = new Random(count);
        var sent = network.SentBytes;
        for (var i = 0; i < count; i++)
        {
            // Other random, any record number up to the highest; every third of another length.
            var stray = hello.ToArray();
            random.NextBytes(stray.AsSpan(13 + 12 + 2, 32));
            BinaryPrimitives.WriteUInt32BigEndian(stray.AsSpan(7), i % 2 == 0 ? uint.MaxValue : (uint)i);
            if (i % 3 == 0)
            {
                stray = Record([.. stray[13..], 0, 0]);
                HandshakeFragment.WriteHeader(stray.AsSpan(13), HandshakeType.ClientHello, stray.Length - 25, 0, 0, stray.Length - 25);
            }

            network.Inject(toServer: true, stray);
            network.Inject(toServer: false, stray);
        }

        Assert.Equal(sent, network.SentBytes);
    }

    private static void FloodWithNoise(DtlsNetwork network, Random random, int count, int? epoch)
    {
        var sent = network.SentBytes;
        for (var i = 0; i < count; i++)
        {
            network.Inject(i % 2 == 0, Noise(random, epoch));
        }

        Assert.Equal(sent, network.SentBytes);
    }

    private static byte[] Noise(Random random, int? epoch)
    {
        var datagram = new byte[13 + random.Next(60)];
        random.NextBytes(datagram);
        if (epoch is not null || random.Next(2) == 0)
        {
            datagram[0] = (byte)(epoch is null ? 20 + random.Next(4) : 22);
            datagram[1] = 0xFE;
            datagram[2] = 0xFD;
            BinaryPrimitives.WriteUInt16BigEndian(datagram.AsSpan(3), (ushort)(epoch ?? random.Next(3) * 2));
            BinaryPrimitives.WriteUInt16BigEndian(datagram.AsSpan(11), (ushort)(datagram.Length - 13));
        }

        return datagram;
    }

    private static byte[] CaptureClientHello()
    {
        using var network = new DtlsNetwork();
        byte[]? hello = null;
        network.Tamper = (_, datagram) =>
        {
            hello ??= datagram;
            return [];
        };
        network.Start();
        return hello!;
    }

    private static IEnumerable<byte[]> Fragment(byte[] datagram, string cut)
    {
        var body = datagram[25..];
        var sequence = BinaryPrimitives.ReadUInt16BigEndian(datagram.AsSpan(17));
        byte[] Piece(int offset, int length)
        {
            var piece = new byte[12 + length];
            HandshakeFragment.WriteHeader(piece, HandshakeType.ClientHello, body.Length, sequence, offset, length);
            body.AsSpan(offset, length).CopyTo(piece.AsSpan(12));
            return Record(piece);
        }

        var half = body.Length / 2;
        var single = Enumerable.Range(0, body.Length).Select(offset => Piece(offset, 1));
        return cut switch
        {
            "reversed" => [Piece(half, body.Length - half), Piece(0, half)],
            "overlapping" => [Piece(10, 50), Piece(0, 40), Piece(30, body.Length - 30), Piece(0, body.Length)],
            "with empty ones" => [Piece(0, 0), Piece(0, half), Piece(half, 0), Piece(half, body.Length - half), Piece(body.Length, 0)],
            "one byte each" => single,
            _ => single.Reverse(),
        };
    }

    private static byte[] Record(byte[] fragment)
    {
        var record = new byte[DtlsRecord.HeaderLength + fragment.Length];
        DtlsRecord.WriteHeader(record, DtlsContentType.Handshake, 7, fragment.Length);
        fragment.CopyTo(record, DtlsRecord.HeaderLength);
        return record;
    }

    private static int FindRecord(ReadOnlySpan<byte> datagram, DtlsContentType type)
    {
        var rest = datagram;
        while (DtlsRecord.TryRead(ref rest, out var record))
        {
            if (record.Type == type)
            {
                return datagram.Length - rest.Length - record.Bytes.Length;
            }
        }

        return -1;
    }

    // Go's fuzz corpus: one literal per line, []byte("\x16\xfe...").
    private static IEnumerable<byte[]> GoBytes(string file) =>
        GoLiteral().Matches(file).Select(match => GoEscape().Replace(match.Groups[1].Value, Unescape)).Select(Encoding.Latin1.GetBytes);

    private static string Unescape(Match escape) => escape.Value switch
    {
        ['\\', 'x', ..] => ((char)Convert.ToByte(escape.Value[2..], 16)).ToString(),
        ['\\', >= '0' and <= '7', ..] => ((char)Convert.ToByte(escape.Value[1..], 8)).ToString(),
        @"\n" => "\n",
        @"\r" => "\r",
        @"\t" => "\t",
        @"\a" => "\a",
        @"\b" => "\b",
        @"\f" => "\f",
        @"\v" => "\v",
        _ => escape.Value[1..],
    };

    [GeneratedRegex("""\[\]byte\("((?:[^"\\]|\\.)*)"\)""")]
    private static partial Regex GoLiteral();

    [GeneratedRegex("""\\(x[0-9a-fA-F]{2}|[0-7]{3}|.)""")]
    private static partial Regex GoEscape();
}

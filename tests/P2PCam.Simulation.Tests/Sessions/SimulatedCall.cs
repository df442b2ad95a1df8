using System.Buffers;
using System.Buffers.Binary;
using P2PCam.TestKit.Simulation;
using P2PCam.WebRtc.Dtls;
using P2PCam.WebRtc.Rtp.Payloads;
using P2PCam.WebRtc.Sessions;
using P2PCam.WebRtc.Wire;

namespace P2PCam.Simulation.Tests.Sessions;

/// <summary>
/// A broadcaster's and a viewer's session on a simulated network, in virtual time. The broadcaster sends 30 numbered frames a second and
/// makes a key frame when its session asks for one; the viewer checks that each frame it gets is whole, in order, and decodable.
/// </summary>
internal sealed class SimulatedCall : IDisposable
{
    public static readonly TransportAddress BroadcasterAddress = TransportAddress.FromIPv4(0x0A00_0001, 3000);
    public static readonly TransportAddress ViewerAddress = TransportAddress.FromIPv4(0x0A00_0002, 50_000);
    private static readonly TimeSpan FrameInterval = TimeSpan.FromSeconds(1) / 30;
    private static readonly TimeSpan QuiescenceLimit = TimeSpan.FromMinutes(1);
    private static readonly DtlsCertificate BroadcasterCertificate = CreateCertificate();
    private static readonly DtlsCertificate ViewerCertificate = CreateCertificate();
    private readonly DtlsHandshakePool _pool = new();
    private readonly Vp8Packetizer _packetizer;
    private readonly H264Packetizer _h264 = new();
    private static readonly byte[] Sps = [0x67, 0x42, 0xC0, 0x1F, 0x8C, 0x8D, 0x40, 0x50, 0x1E, 0x90, 0x0F, 0x08, 0x84, 0x6A];
    private static readonly byte[] Pps = [0x68, 0xCE, 0x3C, 0x80];
    private readonly byte[] _buffer = new byte[65_536];
    private readonly Random _content;
    private TimeSpan _nextFrame = TimeSpan.MaxValue;
    private long _lastFrameReceived = -1;
    private bool _keyFrameWanted = true;

    /// <param name="seed">Of the network, the content and all that the sessions draw.</param>
    /// <param name="tamper">Changes the offer on its way, as a defect or an attacker in signaling would.</param>
    /// <param name="isPushed">The broadcaster offers its stream, as publishers do, and the viewer answers.</param>
    /// <param name="sent">The codecs that the broadcaster has; VP8 unless told.</param>
    /// <param name="taken">Those that the viewer has.</param>
    /// <param name="tamperAnswer">Changes the answer on its way.</param>
    public SimulatedCall(
        int seed, Func<string, string>? tamper = null, bool isPushed = false, IReadOnlyList<RtpVideoCodec>? sent = null, IReadOnlyList<RtpVideoCodec>? taken = null,
        Func<string, string>? tamperAnswer = null)
    {
        Network = new SimulatedNetwork(seed);
        _content = new Random(seed);
        var random = new SeededRandom(seed);
        _packetizer = new Vp8Packetizer(random);
        var broadcasting = Options(BroadcasterCertificate, BroadcasterAddress, random) with { Direction = isPushed ? PeerSessionDirection.Send : default };
        var viewing = Options(ViewerCertificate, ViewerAddress, random) with { Direction = isPushed ? PeerSessionDirection.Receive : default };
        broadcasting = broadcasting with { Codecs = sent ?? broadcasting.Codecs };
        viewing = viewing with { Codecs = taken ?? viewing.Codecs };
        var offer = PendingOffer.Create(isPushed ? broadcasting : viewing, Now);
        Assert.True(PeerSession.TryAnswer(isPushed ? viewing : broadcasting, tamper?.Invoke(offer.Offer) ?? offer.Offer, Now, out var answerer, out var answer, out var error), error);
        Assert.True(offer.TryAccept(Now, tamperAnswer?.Invoke(answer) ?? answer, out var offerer, out error), error);
        (Offer, Answer) = (offer.Offer, answer);
        (Broadcaster, Viewer) = isPushed ? (offerer, answerer) : (answerer, offerer);
    }

    /// <summary>Makes an offer and its answer, changes the answer, and tries to take it.</summary>
    public static (bool Accepted, string Error) TryAccept(int seed, Func<string, string> tamper)
    {
        using var pool = new DtlsHandshakePool();
        var random = new SeededRandom(seed);
        var offer = PendingOffer.Create(Options(ViewerCertificate, ViewerAddress, random, pool), TimeSpan.Zero);
        Assert.True(PeerSession.TryAnswer(Options(BroadcasterCertificate, BroadcasterAddress, random, pool), offer.Offer, TimeSpan.Zero, out var broadcaster, out var answer, out var error), error);
        broadcaster.Dispose();
        var accepted = offer.TryAccept(TimeSpan.Zero, tamper(answer), out var viewer, out error);
        viewer?.Dispose();
        return (accepted, error);
    }

    /// <summary>Two offers of one viewer, and the answers to them.</summary>
    public static (PendingOffer[] Offers, string[] Answers) MakeTwo(DtlsHandshakePool pool)
    {
        var random = new SeededRandom(1);
        PendingOffer[] offers = [.. new[] { "1", "2" }.Select(mid => PendingOffer.Create(Options(ViewerCertificate, ViewerAddress, random, pool), TimeSpan.Zero, mid))];
        string[] answers = [.. offers.Select(offer =>
        {
            Assert.True(PeerSession.TryAnswer(Options(BroadcasterCertificate, BroadcasterAddress, random, pool), offer.Offer, TimeSpan.Zero, out var broadcaster, out var answer, out var error), error);
            broadcaster.Dispose();
            return answer;
        })];
        return (offers, answers);
    }

    public SimulatedNetwork Network { get; }

    /// <summary>What the call began with.</summary>
    public string Offer { get; }

    /// <summary>What it was answered.</summary>
    public string Answer { get; }

    /// <summary>Puts something else on the wire than a session sent: a peer of another make.</summary>
    public Func<WireDatagram, IEnumerable<WireDatagram>>? Wire { get; set; }

    public PeerSession Broadcaster { get; }

    public PeerSession Viewer { get; }

    public TimeSpan Now { get; private set; } = TimeSpan.FromSeconds(1);

    public List<PeerSessionEvent> BroadcasterEvents { get; } = [];

    public List<PeerSessionEvent> ViewerEvents { get; } = [];

    /// <summary>What the next frames are compressed with: VP8, or H.264 of made-up slices.</summary>
    public RtpVideoCodec Codec { get; set; }

    /// <summary>What the last received frame was compressed with.</summary>
    public RtpVideoCodec LastCodec { get; private set; }

    public long FramesSent { get; private set; }

    public long KeyFramesSent { get; private set; }

    public long FramesReceived { get; private set; }

    /// <summary>The longest time between two received frames.</summary>
    public TimeSpan LongestGap { get; private set; }

    public TimeSpan LastArrival { get; private set; }

    public void StartVideo() => _nextFrame = Now;

    /// <summary>Runs until something is true; fails the test when that takes longer than the limit in virtual time.</summary>
    public void RunUntil(Func<bool> condition, TimeSpan limit)
    {
        var deadline = Now + limit;
        while (!condition())
        {
            Assert.True(Now < deadline, $"Not within {limit}: broadcaster {string.Join(", ", BroadcasterEvents)}; viewer {string.Join(", ", ViewerEvents)}.");
            Step(deadline);
        }
    }

    public void RunFor(TimeSpan duration)
    {
        var end = Now + duration;
        while (Now < end)
        {
            Step(end);
        }
    }

    public void Dispose()
    {
        Broadcaster.Dispose();
        Viewer.Dispose();
        _pool.Dispose();
    }

    private static DtlsCertificate CreateCertificate() => DtlsCertificate.Create(null, DateTimeOffset.UnixEpoch, DateTimeOffset.UnixEpoch.AddYears(100));

    private static TimeSpan Min(TimeSpan left, TimeSpan right) => left < right ? left : right;

    private PeerSessionOptions Options(DtlsCertificate certificate, TransportAddress address, IRandomSource random) => Options(certificate, address, random, _pool);

    private static PeerSessionOptions Options(DtlsCertificate certificate, TransportAddress address, IRandomSource random, DtlsHandshakePool pool) => new()
    {
        Certificate = certificate,
        HandshakePool = pool,
        LocalAddresses = [address],
        Random = random,
        ClockOrigin = new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero),
    };

    private void Step(TimeSpan end)
    {
        Drain();
        var next = Min(Min(Network.NextArrival, _nextFrame), Min(Broadcaster.NextTimeout, Viewer.NextTimeout));
        Now = Min(end, next > Now ? next : Now + TimeSpan.FromTicks(1));
        while (Network.TryReceive(Now, out var datagram))
        {
            var bytes = datagram.Payload.ToArray();
            _ = datagram.To == ViewerAddress
                ? Viewer.HandleDatagram(Now, datagram.To, datagram.From, bytes)
                : Broadcaster.HandleDatagram(Now, datagram.To, datagram.From, bytes);
            Drain();
        }

        if (Broadcaster.NextTimeout <= Now)
        {
            Broadcaster.HandleTimeout(Now);
        }

        if (Viewer.NextTimeout <= Now)
        {
            Viewer.HandleTimeout(Now);
        }

        if (_nextFrame <= Now)
        {
            _nextFrame += FrameInterval;
            SendFrame();
        }

        Drain();
    }

    // Handshakes run on threads of their own: waiting until they wait makes the run repeatable.
    private void Drain()
    {
        Assert.True(Broadcaster.WaitUntilQuiescent(QuiescenceLimit) && Viewer.WaitUntilQuiescent(QuiescenceLimit), "A handshake thread hangs.");
        Drain(Broadcaster, BroadcasterEvents);
        Drain(Viewer, ViewerEvents);
        while (Viewer.PollFrame(out var frame))
        {
            LastCodec = frame.Codec;
            Check(frame.Codec == RtpVideoCodec.H264 ? ContentOf(frame.Data) : frame.Data, frame.IsKeyFrame);
            ArrayPool<byte>.Shared.Return(frame.Buffer);
        }
    }

    private void Drain(PeerSession session, List<PeerSessionEvent> events)
    {
        while (session.PollTransmit(Now, _buffer, out var transmit))
        {
            for (var offset = 0; offset < transmit.Length; offset += transmit.SegmentSize)
            {
                Send(new WireDatagram(transmit.Local, transmit.Remote, _buffer[offset..Math.Min(offset + transmit.SegmentSize, transmit.Length)]));
            }
        }

        while (session.PollEvent(out var e))
        {
            events.Add(e);
            _keyFrameWanted |= ReferenceEquals(session, Broadcaster) && e.Kind is PeerSessionEventKind.KeyFrameNeeded or PeerSessionEventKind.Connected;
        }
    }

    private void Send(WireDatagram datagram)
    {
        foreach (var each in Wire?.Invoke(datagram) ?? [datagram])
        {
            Network.Send(Now, each.From, each.To, each.Bytes);
        }
    }

    private void SendFrame()
    {
        var isKeyFrame = _keyFrameWanted && Broadcaster.IsConnected;
        var content = new byte[isKeyFrame ? 40_000 : 2_000 + _content.Next(8_000)];
        _content.NextBytes(content);
        content[0] = (byte)(isKeyFrame ? 0 : 1);
        BinaryPrimitives.WriteInt64BigEndian(content.AsSpan(8), FramesSent);
        BinaryPrimitives.WriteUInt32BigEndian(content.AsSpan(16), Checksum(content));
        var info = new FrameInfo(isKeyFrame, (uint)(FramesSent * 3000), Now);
        var frame = Codec == RtpVideoCodec.H264 ? _h264.Packetize(Unit(content, isKeyFrame), info) : ((IFramePacketizer)_packetizer).Packetize(content, info);
        Broadcaster.SendFrame(Now, frame);
        frame.Release();
        if (Broadcaster.IsConnected)
        {
            FramesSent++;
            KeyFramesSent += isKeyFrame ? 1 : 0;
            _keyFrameWanted &= !isKeyFrame;
        }
    }

    // The content follows the slice's first bytes; parameter sets come with key frames only. No start code may be in it.
    private static byte[] Unit(byte[] content, bool isKeyFrame)
    {
        byte[] sets = isKeyFrame ? [0, 0, 0, 1, .. Sps, 0, 0, 0, 1, .. Pps] : [];
        return [.. sets, 0, 0, 0, 1, (byte)(isKeyFrame ? 0x65 : 0x41), 0x88, .. System.Text.Encoding.ASCII.GetBytes(Convert.ToHexString(content))];
    }

    private static byte[] ContentOf(ReadOnlySpan<byte> unit)
    {
        byte[] last = [];
        while (H264Nal.TryTake(ref unit, out var nal))
        {
            last = nal.ToArray();
        }

        return Convert.FromHexString(System.Text.Encoding.ASCII.GetString(last.AsSpan(2)));
    }

    private void Check(ReadOnlySpan<byte> content, bool isKeyFrame)
    {
        Assert.Equal(isKeyFrame, (content[0] & 1) == 0);
        Assert.Equal(Checksum(content), BinaryPrimitives.ReadUInt32BigEndian(content[16..]));
        var number = BinaryPrimitives.ReadInt64BigEndian(content[8..]);
        Assert.True(number > _lastFrameReceived, "Frames came out of order.");
        Assert.True(isKeyFrame || number == _lastFrameReceived + 1, "A frame was handed out that refers to one that was not.");
        _lastFrameReceived = number;
        LongestGap = FramesReceived > 0 && Now - LastArrival > LongestGap ? Now - LastArrival : LongestGap;
        LastArrival = Now;
        FramesReceived++;
    }

    private static uint Checksum(ReadOnlySpan<byte> content)
    {
        var sum = 17u;
        foreach (var value in content[20..])
        {
            sum = (sum * 31) + value;
        }

        return sum;
    }
}

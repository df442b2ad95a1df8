using System.Buffers;
using P2PCam.TestKit.Measuring;
using P2PCam.TestKit.Simulation;
using P2PCam.WebRtc.Receiving;
using P2PCam.WebRtc.Rtcp;
using P2PCam.WebRtc.Rtp;
using P2PCam.WebRtc.Rtp.Payloads;

namespace P2PCam.WebRtc.Tests.Receiving;

public sealed partial class SimulcastTests : IDisposable
{
    private const byte RidId = 5;
    private const byte RepairedRidId = 6;
    private readonly IncomingVideo _video = new(new IncomingVideoOptions
    {
        Stream = new VideoReceiverOptions { LocalSsrc = 1, Formats = [new RtpFormat(RtpVideoCodec.Vp8, 96, 97)], CanonicalName = "x" },
        Extensions = new HeaderExtensionIds(1, 2, 3) { Rid = RidId, RepairedRid = RepairedRidId },
        Rids = ["q", "h", "f"],
        SendsEstimate = true,
    });

    private readonly Layer[] _layers = [new("q", 10, 1000), new("h", 20, 4000), new("f", 30, 12_000)];
    private TimeSpan _now = TimeSpan.FromSeconds(10);

    public void Dispose() => _video.Dispose();

    [Fact]
    public void WithoutAChoice_TheFirstLayerThatComesIsShown_AndThenTheLargest()
    {
        var frames = Run(seconds: 3);

        Assert.Equal("q", frames[0].Rid);
        Assert.Equal("f", frames[^1].Rid);
        AssertSeamless(frames);
    }

    [Fact]
    public void ChosenLayer_TakesOverAtItsKeyFrame_AndTimestampsGoOn()
    {
        Run(seconds: 3);
        Assert.True(_video.TrySelectLayer(_now, "h"));
        var frames = Run(seconds: 3);

        Assert.Equal("f", frames[0].Rid);
        var change = frames.FindIndex(frame => frame.Rid == "h");
        Assert.InRange(change, 1, 20);
        Assert.True(frames[change].IsKeyFrame);
        Assert.All(frames.Skip(change), frame => Assert.Equal("h", frame.Rid));
        AssertSeamless(frames);
        Assert.False(_video.TrySelectLayer(_now, "x"));
        Assert.True(_video.TrySelectLayer(_now, null));
        Assert.Equal("f", Run(seconds: 3)[^1].Rid);
    }

    [Fact]
    public void LayerThatStops_IsReplacedByTheNextLargest()
    {
        Run(seconds: 3);
        _layers[2].IsSent = false;

        Assert.Equal("h", Run(seconds: 4)[^1].Rid);
    }

    [Fact]
    public void LossIsRepaired_InTheLayerThatIsShownOnly()
    {
        Run(seconds: 3);
        foreach (var layer in _layers)
        {
            layer.LosesEveryTenth = true;
        }

        var frames = Run(seconds: 5);

        Assert.All(frames, frame => Assert.Equal("f", frame.Rid));
        Assert.InRange(frames.Count, 145, 152);
        Assert.Equal([0, 0], _layers.Take(2).Select(layer => layer.Nacked));
        Assert.InRange(_layers[2].Nacked, 100, 1000);
        Assert.InRange(_video.Counters.RtxPackets, 100, 1000);
    }

    [Fact]
    public void StrangeSources_TakeNoMemoryAndDisturbNothing()
    {
        Run(seconds: 3);
        var random = new Random(1);
        for (var i = 0; i < 20_000; i++)
        {
            var packet = new byte[200];
            random.NextBytes(packet);
            new RtpHeader((byte)random.Next(96, 98), false, (ushort)i, 0, (uint)random.Next(1000, 100_000)).Write(packet);
            if (random.Next(2) == 0)
            {
                var extensions = new HeaderExtensionWriter(packet);
                "zz"u8.CopyTo(extensions.Add(random.Next(2) == 0 ? RidId : RepairedRidId, 2));
                extensions.Finish();
            }

            _video.HandleRtp(_now, packet);
        }

        Assert.InRange(Run(seconds: 1).Count, 29, 31);
    }

    [Fact]
    public void SteadyState_AllocatesNothing()
    {
        Run(seconds: 3);
        var packets = Enumerable.Range(0, 300).Select(_ => _layers.SelectMany(layer => layer.NextFrame()).ToArray()).ToArray();
        var buffer = new byte[2048];
        var next = 0;
        Assert.Equal(0, SteadyState.LeastAllocated(() =>
        {
            for (var end = next + 30; next < end; next++, _now += TimeSpan.FromMilliseconds(33))
            {
                foreach (var packet in packets[next])
                {
                    _video.HandleRtp(_now, packet);
                }

                while (_video.PollFeedback(_now, TimeSpan.FromMilliseconds(10), buffer, out _))
                {
                }

                while (_video.PollFrame(out var frame))
                {
                    ArrayPool<byte>.Shared.Return(frame.Buffer);
                }
            }
        }));
        Assert.InRange(_video.Counters.Frames, 900 * next / packets.Length, 1300);
    }

    private static void AssertSeamless(List<Frame> frames)
    {
        for (var i = 1; i < frames.Count; i++)
        {
            Assert.InRange((int)(frames[i].Timestamp - frames[i - 1].Timestamp), 1, 90_000 / 10);
        }
    }

    private List<Frame> Run(double seconds, IncomingVideo? video = null)
    {
        video ??= _video;
        var frames = new List<Frame>();
        var buffer = new byte[2048];
        for (var end = _now + TimeSpan.FromSeconds(seconds); _now < end; _now += TimeSpan.FromSeconds(1 / 30.0))
        {
            foreach (var packet in _layers.SelectMany(layer => layer.NextFrame()))
            {
                video.HandleRtp(_now, packet);
            }

            while (video.PollFeedback(_now, TimeSpan.FromMilliseconds(10), buffer, out var length))
            {
                Array.ForEach(_layers, layer => layer.Read(buffer.AsSpan(0, length)));
            }

            foreach (var packet in _layers.SelectMany(layer => layer.TakeResends()))
            {
                video.HandleRtp(_now, packet);
            }

            while (video.PollFrame(out var frame))
            {
                frames.Add(new Frame(frame.Rid, frame.IsKeyFrame, frame.RtpTimestamp));
                ArrayPool<byte>.Shared.Return(frame.Buffer);
            }
        }

        return frames;
    }

    private sealed record Frame(string? Rid, bool IsKeyFrame, uint Timestamp);

    /// <summary>One encoding of the sender. It names its layer until the first report about it, as browsers do.</summary>
    private sealed class Layer(string rid, uint ssrc, int frameBytes)
    {
        private readonly Vp8Packetizer _packetizer = new(new SeededRandom((int)ssrc), 1000);
        private readonly Dictionary<ushort, byte[]> _sent = [];
        private readonly List<ushort> _resends = [];
        private bool _isKnown;
        private bool _keyFrameWanted = true;
        private ushort _sequence = (ushort)(ssrc * 1000);
        private ushort _rtxSequence;
        private uint _timestamp = ssrc * 1_000_000;

        public bool IsSent { get; set; } = true;

        public bool LosesEveryTenth { get; set; }

        /// <summary>Sends padding only: beside the media where it is of the media's own SSRC, else as retransmissions of nothing.</summary>
        public bool SendsPadding { get; set; }

        public bool PadsByRtx { get; set; }

        /// <summary>Whether retransmissions carry the repaired RID.</summary>
        public bool NamesResends { get; set; } = true;

        /// <summary>Sends frames that are never whole, and no key frame.</summary>
        public bool SendsPieces { get; set; }

        public int FramesPerSecond { get; set; } = 30;

        public string Rid => rid;

        public uint Ssrc => ssrc;

        public int KeyFrameRequests { get; private set; }

        public int Nacked { get; private set; }

        public List<byte[]> NextFrame()
        {
            _timestamp += 3000;
            if (SendsPadding)
            {
                return [.. Enumerable.Range(0, 20).Select(_ => MakePadding())];
            }

            if (!IsSent || _timestamp / 3000 % (30 / FramesPerSecond) != 0)
            {
                return [];
            }

            var content = new byte[frameBytes];
            content[0] = (byte)(_keyFrameWanted ? 0 : 1);
            var frame = _packetizer.Packetize(content, new Vp8FrameInfo(_keyFrameWanted, _timestamp, default));
            _keyFrameWanted = false;
            var packets = new List<byte[]>();
            for (var i = 0; i < frame.PacketCount; i++)
            {
                var packet = Make(96, i == frame.PacketCount - 1, _sequence, ssrc, RidId, frame.GetPayload(i));
                _sent[_sequence] = packet;
                if (SendsPieces ? i == 1 : !LosesEveryTenth || _sequence % 10 != 0)
                {
                    packets.Add(packet);
                }

                _sequence++;
            }

            frame.Release();
            return packets;
        }

        public void Read(ReadOnlySpan<byte> rtcp)
        {
            var reader = new RtcpCompoundReader(rtcp);
            while (reader.MoveNext())
            {
                if (GenericNack.TryParse(reader.Current, out var nack) && nack.MediaSsrc == ssrc)
                {
                    foreach (var number in nack)
                    {
                        Nacked++;
                        _resends.Add(number);
                    }
                }
                else if (PictureLossIndication.TryParse(reader.Current, out var indication) && indication.MediaSsrc == ssrc)
                {
                    _keyFrameWanted = !SendsPieces;
                    KeyFrameRequests++;
                }
                else if (ReceiverReport.TryParse(reader.Current, out var report))
                {
                    foreach (var block in report.Reports)
                    {
                        _isKnown |= block.Ssrc == ssrc;
                    }
                }
            }
        }

        public List<byte[]> TakeResends()
        {
            var packets = new List<byte[]>();
            foreach (var number in _resends)
            {
                Assert.True(RtpPacketView.TryParse(_sent[number], out var view));
                var payload = new byte[view.Payload.Length + 2];
                RtxPayload.Wrap(view.Payload, number, payload);
                packets.Add(Make(97, view.Marker, _rtxSequence++, ssrc + 1, RepairedRidId, payload, view.Timestamp, NamesResends));
            }

            _resends.Clear();
            return packets;
        }

        private byte[] MakePadding()
        {
            var packet = PadsByRtx
                ? Make(97, false, _rtxSequence++, ssrc + 1, RepairedRidId, new byte[220], isAlwaysNamed: true)
                : Make(96, false, _sequence++, ssrc, RidId, new byte[220]);
            packet[0] |= 0x20;
            packet[^1] = 220;
            return packet;
        }

        private byte[] Make(
            byte payloadType, bool marker, ushort sequence, uint source, byte ridId, ReadOnlySpan<byte> payload, uint? timestamp = null, bool isAlwaysNamed = false)
        {
            var packet = new byte[64 + payload.Length];
            new RtpHeader(payloadType, marker, sequence, timestamp ?? _timestamp, source).Write(packet);
            var extensions = new HeaderExtensionWriter(packet);
            if (!_isKnown || isAlwaysNamed)
            {
                System.Text.Encoding.ASCII.GetBytes(rid, extensions.Add(ridId, rid.Length));
            }

            var start = extensions.Finish();
            payload.CopyTo(packet.AsSpan(start));
            return packet[..(start + payload.Length)];
        }
    }
}

using P2PCam.WebRtc.Receiving;
using P2PCam.WebRtc.Rtcp;
using P2PCam.WebRtc.Rtp;
using P2PCam.WebRtc.Rtp.Payloads;

namespace P2PCam.WebRtc.Tests.Receiving;

/// <summary>
/// A sender that keeps to what it is told (REMB) up to what its encoder makes, over one bottleneck in virtual time. Its packets carry
/// abs-send-time and transport-wide sequence numbers, as those of browsers do.
/// </summary>
internal sealed class SimulatedPublisher : IDisposable
{
    private const int PacketBytes = 1000;
    private static readonly TimeSpan Tick = TimeSpan.FromMilliseconds(1);
    private readonly PriorityQueue<(byte[] Packet, TimeSpan At), TimeSpan> _flying = new();
    private readonly Random _random;
    private readonly byte[] _feedback = new byte[2048];
    private double _credit;
    private TimeSpan _bottleneckFree;
    private ushort _sequence;

    public SimulatedPublisher(int seed)
    {
        _random = new Random(seed);
        Receiver = new IncomingVideo(new IncomingVideoOptions
        {
            Stream = new VideoReceiverOptions { LocalSsrc = 1, Formats = [new RtpFormat(RtpVideoCodec.Vp8, 96, null)], CanonicalName = "x", AsksForMissing = false },
            Extensions = new HeaderExtensionIds(1, 2, 3),
            SendsTransportFeedback = true,
            SendsEstimate = true,
        });
    }

    public IncomingVideo Receiver { get; }

    public TimeSpan Now { get; private set; } = TimeSpan.FromSeconds(1000);

    /// <summary>What it sends, in bits per second: told, up to <see cref="Most"/>, and growing by no more than a tenth a second, as Chromium does.</summary>
    public double Rate { get; private set; } = 300_000;

    public double Most { get; init; } = 2_500_000;

    /// <summary>Whether it does as it is told.</summary>
    public bool Adapts { get; init; } = true;

    public double Loss { get; set; }

    public TimeSpan Jitter { get; init; }

    /// <summary>Bits per second; 0 for no limit.</summary>
    public double Bottleneck { get; set; }

    public TimeSpan LongestQueue { get; init; } = TimeSpan.FromMilliseconds(500);

    /// <summary>How much faster its clock runs.</summary>
    public double Drift { get; init; }

    public long Told { get; private set; }

    public int Reported { get; private set; }

    /// <summary>How long the last packet waits at the bottleneck.</summary>
    public TimeSpan Queue => _bottleneckFree > Now ? _bottleneckFree - Now : TimeSpan.Zero;

    public void RunFor(double seconds)
    {
        for (var end = Now + TimeSpan.FromSeconds(seconds); Now < end; Now += Tick)
        {
            _credit += Rate * Tick.TotalSeconds / 8;
            for (; _credit >= PacketBytes; _credit -= PacketBytes)
            {
                Send();
            }

            while (_flying.TryPeek(out var next, out var at) && at <= Now)
            {
                _flying.Dequeue();
                Receiver.HandleRtp(at, next.Packet);
            }

            ReadFeedback();
            if (Adapts && Told > 0)
            {
                Rate = Math.Min(Math.Min(Told, Most), Rate * Math.Pow(1.3, Tick.TotalSeconds));
            }
        }
    }

    public void Dispose() => Receiver.Dispose();

    private void Send()
    {
        var packet = new byte[PacketBytes];
        new RtpHeader(96, true, _sequence, (uint)(Now.TotalSeconds * 90_000), 77).Write(packet);
        var extensions = new HeaderExtensionWriter(packet);
        extensions.AddAbsoluteSendTime(2, Now * (1 + Drift));
        extensions.AddTransportSequenceNumber(3, _sequence++);
        extensions.Finish();
        if (_random.NextDouble() < Loss)
        {
            return;
        }

        var leaves = Now;
        if (Bottleneck > 0)
        {
            if (Queue > LongestQueue)
            {
                return;
            }

            leaves = _bottleneckFree = (_bottleneckFree > Now ? _bottleneckFree : Now) + TimeSpan.FromSeconds(PacketBytes * 8 / Bottleneck);
        }

        var arrives = leaves + TimeSpan.FromMilliseconds(20) + (Jitter * _random.NextDouble());
        _flying.Enqueue((packet, arrives), arrives);
    }

    private void ReadFeedback()
    {
        while (Receiver.PollFeedback(Now, TimeSpan.FromMilliseconds(40), _feedback, out var length))
        {
            var reader = new RtcpCompoundReader(_feedback.AsSpan(0, length));
            while (reader.MoveNext())
            {
                if (ReceiverEstimatedMaxBitrate.TryParse(reader.Current, out var estimate))
                {
                    Told = (long)estimate.BitsPerSecond;
                }
                else if (TransportFeedback.TryParse(reader.Current, out var feedback))
                {
                    Reported += feedback.StatusCount;
                }
            }
        }
    }
}

using System.Text;
using P2PCam.TestKit.Simulation;
using P2PCam.WebRtc.Rtp.Payloads;
using P2PCam.WebRtc.Sessions;
using Xunit.Abstractions;

namespace P2PCam.Simulation.Tests.Sessions;

/// <summary>The viewer's half of a call. That frames are whole, in order and decodable is checked by <see cref="SimulatedCall"/> for each.</summary>
public class ReceivingTests(ITestOutputHelper output)
{
    private static readonly TimeSpan ConnectLimit = TimeSpan.FromSeconds(25);

    public static TheoryData<string, double, double, double, double, double> Paths => new()
    {
        // name, one-way delay in ms, jitter in ms, loss, duplication, least share of frames
        { "2 % loss each way", 10, 0, 0.02, 0, 0.99 },
        { "2 % loss, reordering", 10, 30, 0.02, 0, 0.99 },
        { "2 % loss, reordering, 5 % twice", 10, 30, 0.02, 0.05, 0.99 },
        { "2 % loss, 100 ms away", 100, 10, 0.02, 0.01, 0.99 },
        { "reordering only", 5, 60, 0, 0, 0.999 },
        { "every packet twice", 5, 5, 0, 1, 0.999 },
    };

    [Theory]
    [MemberData(nameof(Paths))]
    public void AMinuteOfVideo_ArrivesWholeAndInOrder(string name, double delay, double jitter, double loss, double duplication, double share)
    {
        for (var seed = 11; seed <= 15; seed++)
        {
            using var call = new SimulatedCall(seed)
            {
                Network =
                {
                    Default = new LinkConditions
                    {
                        Delay = TimeSpan.FromMilliseconds(delay), Jitter = TimeSpan.FromMilliseconds(jitter), Loss = loss, Duplication = duplication,
                    },
                },
            };
            call.StartVideo();
            call.RunUntil(() => call.FramesReceived > 0, ConnectLimit);
            var (sent, received) = (call.FramesSent, call.FramesReceived);

            call.RunFor(TimeSpan.FromMinutes(1));

            var arrived = (double)(call.FramesReceived - received) / (call.FramesSent - sent);
            var counters = call.Viewer.GetStatistics().Received;
            output.WriteLine(
                $"{name}, seed {seed}: {arrived:P2} of {call.FramesSent - sent} frames, longest gap {call.LongestGap.TotalMilliseconds:F0} ms, {counters.NacksSent} NACKs, "
                + $"{counters.RtxPackets} RTX, {counters.PacketsLost} lost for good, {counters.KeyFrameRequests} PLIs, {counters.Duplicates} duplicates of {counters.Packets} packets");
            Assert.True(arrived >= share, $"Seed {seed}: {arrived:P2} of the frames arrived; at least {share:P1} should.");
            if (loss == 0)
            {
                Assert.InRange(counters.NacksSent, 0, counters.Packets / 20);
            }
        }
    }

    [Fact]
    public void PublishersOffer_IsAnsweredRecvonly_AndItsVideoArrives()
    {
        using var call = new SimulatedCall(seed: 31, isPushed: true) { Network = { Default = new LinkConditions { Delay = TimeSpan.FromMilliseconds(10), Loss = 0.02 } } };
        call.StartVideo();
        call.RunUntil(() => call.FramesReceived > 0, ConnectLimit);
        var (sent, received) = (call.FramesSent, call.FramesReceived);

        call.RunFor(TimeSpan.FromSeconds(20));

        Assert.InRange(call.FramesReceived - received, (call.FramesSent - sent) * 98 / 100, call.FramesSent - sent);
        Assert.InRange(call.Viewer.GetStatistics().Received.RtxPackets, 1, long.MaxValue);
        var statistics = call.Viewer.GetStatistics();
        Assert.Equal((RtpVideoCodec.Vp8, (string?)null), (statistics.ReceivedCodec, statistics.ReceivedLayer));
        Assert.InRange(statistics.ReceivedBitrate, 800_000, 2_500_000); // 2 to 10 kB, 30 times a second
        Assert.InRange(statistics.EstimatedBitrate, 1_000_000, long.MaxValue);
        call.Viewer.RequestKeyFrame(call.Now);
        var keyFrames = call.KeyFramesSent;
        call.RunUntil(() => call.KeyFramesSent > keyFrames, TimeSpan.FromSeconds(1));
    }

    [Fact]
    public void DecoderThatCannotGoOn_GetsAKeyFrame_AndOnlyOne()
    {
        using var call = new SimulatedCall(seed: 21) { Network = { Default = new LinkConditions { Delay = TimeSpan.FromMilliseconds(20) } } };
        call.StartVideo();
        call.RunUntil(() => call.FramesReceived > 30, ConnectLimit);
        var (sent, received) = (call.KeyFramesSent, call.Viewer.GetStatistics().Received.KeyFrames);

        call.Viewer.RequestKeyFrame(call.Now);
        call.RunFor(TimeSpan.FromSeconds(2));

        Assert.Equal((sent + 1, received + 1), (call.KeyFramesSent, call.Viewer.GetStatistics().Received.KeyFrames));
    }

    [Fact]
    public void MediaThatComesBeforeTheKeys_IsKept_SoThatTheFirstKeyFrameIsShown()
    {
        using var call = new SimulatedCall(seed: 23) { Network = { Default = new LinkConditions { Delay = TimeSpan.FromMilliseconds(5) } } };
        TimeSpan? firstLost = null;

        // The last flight of the handshake is lost, and sent again some time later; media does not wait for that.
        call.Network.Filter = datagram =>
        {
            // ChangeCipherSpec (content type 20) begins it; what else is DTLS goes with it.
            if (datagram.From != SimulatedCall.BroadcasterAddress || datagram.Payload[0] is < 20 or > 63 || (datagram.Payload[0] != 20 && firstLost is null))
            {
                return true;
            }

            firstLost ??= call.Now;
            return call.Now - firstLost > TimeSpan.FromMilliseconds(90);
        };
        call.StartVideo();
        call.RunUntil(() => call.FramesReceived > 0, ConnectLimit);
        Assert.NotNull(firstLost);
        Assert.InRange(call.FramesSent, 3, long.MaxValue);

        call.RunFor(TimeSpan.FromSeconds(1));

        Assert.Equal(1, call.KeyFramesSent);
        Assert.InRange(call.FramesSent - call.FramesReceived, 0, 1);
    }

    [Theory]
    [InlineData(0.4)]
    [InlineData(3)]
    public void Outage_ThePictureIsBackSoon(double seconds)
    {
        var good = new LinkConditions { Delay = TimeSpan.FromMilliseconds(10), Jitter = TimeSpan.FromMilliseconds(5), Loss = 0.02 };
        using var call = new SimulatedCall(seed: 22) { Network = { Default = good } };
        call.StartVideo();
        call.RunUntil(() => call.FramesReceived > 30, ConnectLimit);
        call.Network.Default = LinkConditions.Dead;
        call.RunFor(TimeSpan.FromSeconds(seconds));
        call.Network.Default = good;
        var (back, received) = (call.Now, call.FramesReceived);

        call.RunUntil(() => call.FramesReceived > received + 5, TimeSpan.FromSeconds(3));

        output.WriteLine($"Pictures {(call.Now - back).TotalMilliseconds:F0} ms after an outage of {seconds} s.");
        Assert.InRange(call.Now - back, TimeSpan.Zero, TimeSpan.FromSeconds(1));
        Assert.DoesNotContain(call.ViewerEvents, e => e.Kind == PeerSessionEventKind.Closed);
    }

    [Fact]
    public void MutatedAnswers_AreRefusedInWordsOrTaken_AndNeverThrow()
    {
        var random = new Random(5);
        var (taken, refused) = (0, 0);
        for (var i = 0; i < 3000; i++)
        {
            var (accepted, error) = SimulatedCall.TryAccept(seed: i, answer => Mutate(answer, random));
            Assert.True(accepted || error.Length > 0);
            (taken, refused) = (taken + (accepted ? 1 : 0), refused + (accepted ? 0 : 1));
        }

        output.WriteLine($"{taken} taken, {refused} refused");
        Assert.InRange(taken, 1, 2999);
    }

    [Fact]
    public void AnswerToAnEarlierOffer_IsKnownAsSuch()
    {
        using var pool = new WebRtc.Dtls.DtlsHandshakePool();
        var (offers, answers) = SimulatedCall.MakeTwo(pool);

        Assert.True(offers[1].IsForAnotherOffer(answers[0]));
        Assert.False(offers[1].IsForAnotherOffer(answers[1]));
        Assert.False(offers[1].IsForAnotherOffer("garbage"));
    }

    private static string Mutate(string answer, Random random)
    {
        var lines = answer.Split("\r\n").ToList();
        for (var round = random.Next(1, 4); round > 0; round--)
        {
            var at = random.Next(lines.Count);
            switch (random.Next(5))
            {
                case 0:
                    lines.RemoveAt(at);
                    break;
                case 1:
                    lines.Insert(at, lines[random.Next(lines.Count)]);
                    break;
                case 2:
                    lines[at] = lines[at][..random.Next(lines[at].Length + 1)];
                    break;
                case 3:
                    lines[at] += new string((char)random.Next(32, 0x2FF), random.Next(1, 2000));
                    break;
                default:
                    var text = new StringBuilder(lines[at]);
                    for (var i = random.Next(1, 6); i > 0 && text.Length > 0; i--)
                    {
                        text[random.Next(text.Length)] = (char)random.Next(1, 256);
                    }

                    lines[at] = text.ToString();
                    break;
            }

            if (lines.Count == 0)
            {
                break;
            }
        }

        return string.Join("\r\n", lines);
    }
}

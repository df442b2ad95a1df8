using System.Buffers;
using P2PCam.Codecs.Vp8;
using P2PCam.TestKit.Pictures;
using Xunit.Abstractions;

namespace P2PCam.Tests.Viewing;

/// <summary>What a broadcaster sends is not trusted: it may cost its own picture, and nothing else.</summary>
public class HostileBroadcasterTests(ITestOutputHelper output)
{
    [Fact]
    public async Task FramesThatAreNoVp8_OrSpoiled_CostPicturesOnly_AndGoodOnesAreShownAgain()
    {
        await using var bed = new ViewerBed();
        await using var broadcaster = await ForeignBroadcaster.StartAsync(bed.Signaling.CreateTransport());
        var viewer = bed.CreateViewer();
        await using var frames = viewer.ReadFramesAsync().GetAsyncEnumerator();
        var next = frames.MoveNextAsync().AsTask();
        var connecting = viewer.ConnectAsync();
        await broadcaster.Connected.WaitAsync(ViewerBed.Limit);
        var good = await EncodeAsync(20);
        var random = new Random(4);

        // The first is good, so that the spoiled ones are decoded at all.
        broadcaster.Send(good[0], isKeyFrame: true);
        await connecting.WaitAsync(ViewerBed.Limit);
        for (var i = 0; i < 200; i++)
        {
            var bytes = Spoil(good[random.Next(good.Count)], random);
            broadcaster.Send(bytes, (bytes[0] & 1) == 0);
            if (i % 10 == 0)
            {
                broadcaster.Send(good[0], isKeyFrame: true);
            }

            // A sender that is faster than its path leaves frames out.
            await Task.Delay(2);
        }

        // Then a good stream, until one of its pictures is seen.
        int? shown = null;
        using var limit = new CancellationTokenSource(ViewerBed.Limit);
        for (var i = 0; shown is not >= 5; i++)
        {
            limit.Token.ThrowIfCancellationRequested();
            broadcaster.Send(good[i % good.Count], isKeyFrame: i % good.Count == 0);
            await Task.WhenAny(next, Task.Delay(20, limit.Token));
            if (next.IsCompleted)
            {
                Assert.True(await next);
                using (var frame = frames.Current)
                {
                    shown = frame.Width == 320 ? CodeStripReader.Read(frame.GetPlane(0), frame.GetStride(0), frame.Width, frame.Height) : null;
                }

                next = frames.MoveNextAsync().AsTask();
            }
        }

        var statistics = viewer.GetStatistics();
        output.WriteLine($"{statistics.FramesReceived} received, {statistics.FramesDecoded} decoded, {statistics.FramesDropped} dropped, {statistics.KeyFrameRequests} PLIs sent, {broadcaster.KeyFramesWanted} heard");
        Assert.Equal(ViewerState.Live, viewer.State);
        Assert.InRange(statistics.KeyFrameRequests, 1, long.MaxValue);
        await viewer.DisconnectAsync();
        while (await next)
        {
            frames.Current.Dispose();
            next = frames.MoveNextAsync().AsTask();
        }
    }

    private static byte[] Spoil(byte[] original, Random random)
    {
        var bytes = original.ToArray();
        switch (random.Next(3))
        {
            case 0:
                random.NextBytes(bytes);
                break;
            case 1:
                bytes = bytes[..random.Next(1, bytes.Length)];
                break;
            default:
                for (var i = random.Next(1, 20); i > 0; i--)
                {
                    bytes[random.Next(bytes.Length)] = (byte)random.Next(256);
                }

                break;
        }

        return bytes;
    }

    private static async Task<List<byte[]>> EncodeAsync(int count)
    {
        using var encoder = new Vp8Encoder(new Vp8EncoderOptions { Width = 320, Height = 180, FrameRate = 30, TargetBitrate = 1_000_000 });
        var encoded = new List<byte[]>();
        await using var source = new TestPatternSource(320, 180, 120);
        await foreach (var frame in source.ReadFramesAsync())
        {
            using (frame)
            {
                var writer = new ArrayBufferWriter<byte>();
                if (encoder.Encode(frame, encoded.Count == 0, writer).Dropped)
                {
                    continue;
                }

                encoded.Add(writer.WrittenSpan.ToArray());
            }

            if (encoded.Count == count)
            {
                break;
            }
        }

        return encoded;
    }
}

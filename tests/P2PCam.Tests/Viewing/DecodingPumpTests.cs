using Microsoft.Extensions.Logging.Abstractions;
using P2PCam.VideoDecoding;
using P2PCam.Viewing;

namespace P2PCam.Tests.Viewing;

/// <summary>What becomes of frames that cannot be decoded, and of queues that overflow.</summary>
public sealed class DecodingPumpTests : IDisposable
{
    private readonly Readers<PictureQueue> _readers = new();
    private readonly PictureQueue _reader = new(100);
    private readonly EncodedQueue _queue;
    private int _keyFrameRequests;

    public DecodingPumpTests()
    {
        _readers.Add(_reader);
        _queue = new EncodedQueue(5, () => _keyFrameRequests++);
    }

    public void Dispose()
    {
        _reader.Dispose();
        _queue.Dispose();
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task FrameThatCannotBeDecoded_CostsEverythingUpToTheNextKeyFrame_WhichIsAskedFor(bool throws)
    {
        _queue.Put(Frame(1, isKeyFrame: true));
        _queue.Put(Frame(FakeDecoder.Undecodable, isKeyFrame: false));
        _queue.Put(Frame(3, isKeyFrame: false));
        _queue.Put(Frame(4, isKeyFrame: true));
        _queue.Put(Frame(5, isKeyFrame: false));

        var pump = await RunAsync(throws);

        Assert.Equal([1, 4, 5], Shown());
        Assert.Equal(1, _keyFrameRequests);
        Assert.Equal((3, 2), (pump.Decoded, pump.Undecodable));
    }

    [Fact]
    public async Task Overflow_DropsUpToTheNextKeyFrame()
    {
        for (byte i = 1; i <= 8; i++)
        {
            _queue.Put(Frame(i, isKeyFrame: i == 1));
        }

        Assert.Equal(1, _keyFrameRequests);
        Assert.Equal(8, _queue.Dropped);
        _queue.Put(Frame(9, isKeyFrame: true));
        _queue.Put(Frame(10, isKeyFrame: false));
        await RunAsync();

        Assert.Equal([9, 10], Shown());
    }

    [Fact]
    public void Overflow_ByAKeyFrame_KeepsIt()
    {
        for (byte i = 1; i <= 6; i++)
        {
            _queue.Put(Frame(i, isKeyFrame: i is 1 or 6));
        }

        Assert.Equal(0, _keyFrameRequests);
        Assert.True(_queue.TryTake(out var frame));
        Assert.Equal(6, frame.Data.Span[0]);
        frame.Dispose();
    }

    [Fact]
    public void QueueThatNobodyReads_KeepsWhatCameSinceTheLastKeyFrame_AndAsksForNothing()
    {
        _queue.IsRead = false;
        foreach (var (number, isKeyFrame) in new (byte, bool)[] { (1, true), (2, false), (3, true), (4, false) })
        {
            _queue.Put(Frame(number, isKeyFrame));
        }

        Assert.True(_queue.TryTake(out var frame));
        Assert.Equal(3, frame.Data.Span[0]);
        frame.Dispose();
        for (byte i = 5; i < 20; i++)
        {
            _queue.Put(Frame(i, isKeyFrame: false));
        }

        Assert.True(_queue.WaitsForKeyFrame);
        Assert.Equal(0, _keyFrameRequests);
    }

    [Fact]
    public async Task PictureThatIsTooLarge_EndsReadingWithTheReason_InsteadOfInSilence()
    {
        _queue.Put(Frame(FakeDecoder.TooLarge, isKeyFrame: true));
        await RunAsync();
        var error = Assert.Throws<P2PException>(() => Shown());
        Assert.Equal("P2P1030", error.Code);
    }

    private static EncodedFrame Frame(byte number, bool isKeyFrame) => EncodedFrame.Copy([number], VideoCodec.Vp8, isKeyFrame, TimeSpan.FromSeconds(number));

    private async Task<DecodingPump> RunAsync(bool throws = false)
    {
        using var pump = new DecodingPump(_queue, _readers, () => new FakeDecoder(throws), NullLogger.Instance);
        _queue.Complete();
        await pump.RunAsync(CancellationToken.None).WaitAsync(ViewerBed.Limit);
        _reader.Complete();
        return pump;
    }

    private List<byte> Shown()
    {
        var shown = new List<byte>();
        foreach (var frame in _reader.ReadAllAsync(CancellationToken.None).ToBlockingEnumerable())
        {
            using (frame)
            {
                shown.Add(frame.GetPlane(0)[0]);
            }
        }

        return shown;
    }

    private sealed class FakeDecoder(bool throws) : IVideoDecoder
    {
        public const byte Undecodable = 99;
        public const byte TooLarge = 98;

        public VideoCodec Codec => VideoCodec.Vp8;

        public DecodeOutcome Decode(EncodedFrame frame, out VideoFrame? picture)
        {
            picture = null;
            var number = frame.Data.Span[0];
            if (number == Undecodable)
            {
                return throws ? throw new InvalidOperationException("a defect") : DecodeOutcome.Undecodable;
            }

            if (number == TooLarge)
            {
                return DecodeOutcome.TooLarge;
            }

            picture = VideoFrame.Copy([number, 0, 0], 1, 1, PixelFormat.I420, frame.Timestamp);
            return DecodeOutcome.Picture;
        }

        public void Dispose()
        {
        }
    }
}

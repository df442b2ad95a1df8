using System.Threading.Channels;

namespace P2PCam.Tests.Broadcasting;

/// <summary>A source of compressed video that yields what a test writes, and counts what it is asked.</summary>
internal sealed class EncodedTestSource(params VideoCodec[] codecs) : IEncodedVideoSource
{
    private readonly Channel<EncodedFrame> _frames = Channel.CreateUnbounded<EncodedFrame>();
    private int _keyFrameRequests;
    private int _number;

    public VideoSourceDescription Description { get; } = new("encoded", "Encoded", 320, 180, 30);

    public IReadOnlyList<VideoCodec> Codecs { get; } = codecs;

    public int KeyFrameRequests => Volatile.Read(ref _keyFrameRequests);

    /// <summary>Called for each request.</summary>
    public Action? OnKeyFrameRequest { get; set; }

    public void RequestKeyFrame()
    {
        Interlocked.Increment(ref _keyFrameRequests);
        OnKeyFrameRequest?.Invoke();
    }

    /// <summary>Writes a frame of the stream; what it holds is different each time.</summary>
    public byte[] Write(VideoCodec codec, bool isKeyFrame, string? layer = null)
    {
        var number = Interlocked.Increment(ref _number);
        var data = codec == VideoCodec.H264 ? H264(isKeyFrame, number) : Vp8(isKeyFrame, number);
        Write(EncodedFrame.Copy(data, codec, isKeyFrame, TimeSpan.FromMilliseconds(33 * number), layer));
        return data;
    }

    public void Write(EncodedFrame frame) => _frames.Writer.TryWrite(frame);

    /// <summary>Writes frames at a camera's pace until it is disposed; a key frame first, and when one is asked for.</summary>
    public IDisposable Feed(VideoCodec codec) => new Feeder(this, codec);

    public IAsyncEnumerable<EncodedFrame> ReadFramesAsync(CancellationToken cancellationToken = default) => _frames.Reader.ReadAllAsync(cancellationToken);

    public ValueTask DisposeAsync() => default;

    /// <summary>The head of a VP8 frame of 320 by 180 (RFC 6386 section 9.1) and bytes that no decoder would like.</summary>
    private static byte[] Vp8(bool isKeyFrame, int number)
    {
        byte[] head = isKeyFrame ? [0x10, 0x02, 0x00, 0x9D, 0x01, 0x2A, 0x40, 0x01, 0xB4, 0x00] : [0x11, 0x02, 0x00];
        return [.. head, .. Enumerable.Range(0, 3000).Select(i => (byte)(i + number))];
    }

    /// <summary>Parameter sets (320 by 240) before an IDR slice, or a slice alone, in Annex B form. The slices' content is of no meaning; it holds no start code.</summary>
    private static byte[] H264(bool isKeyFrame, int number)
    {
        byte[] slice = [.. Enumerable.Range(0, 3000).Select(i => (byte)((i + number) | 0x10))];
        return isKeyFrame
            ? [0, 0, 0, 1, 0x67, 0x42, 0xC0, 0x1F, 0xDA, 0x05, 0x07, 0xEC, 0, 0, 0, 1, 0x68, 0xCE, 0x3C, 0x80, 0, 0, 0, 1, 0x65, .. slice]
            : [0, 0, 0, 1, 0x41, .. slice];
    }

    private sealed class Feeder : IDisposable
    {
        private readonly Timer _timer;
        private int _wantsKeyFrame = 1;

        public Feeder(EncodedTestSource source, VideoCodec codec)
        {
            source.OnKeyFrameRequest = () => Volatile.Write(ref _wantsKeyFrame, 1);
            _timer = new Timer(_ => source.Write(codec, Interlocked.Exchange(ref _wantsKeyFrame, 0) == 1), null, 0, 20);
        }

        public void Dispose()
        {
            using var stopped = new ManualResetEvent(false);
            _timer.Dispose(stopped);
            stopped.WaitOne();
        }
    }
}

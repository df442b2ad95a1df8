using P2PCam.Sources.FFmpeg.Containers;

namespace P2PCam.Sources.FFmpeg.Encoders;

/// <summary>One FFmpeg that encodes: pictures of one size go in, frames come out, in the same order and with the same times.</summary>
internal sealed class EncoderRun : IAsyncDisposable
{
    private const long Even = 2;
    private static readonly TimeSpan OutputLimit = TimeSpan.FromSeconds(10);
    private readonly FFmpegProcess _process;
    private readonly FlvReader _output;
    private readonly byte[] _picture;
    private TimeSpan? _origin;
    private long _lastTime = -Even;
    private int _isOwing;

    private EncoderRun(FFmpegProcess process, EncoderSettings settings)
    {
        (_process, Settings, _output) = (process, settings, new FlvReader(process.Output));
        _picture = new byte[MatroskaWriter.ClusterHeader + VideoFrame.GetByteCount(settings.Width, settings.Height, PixelFormat.I420)];
    }

    public EncoderSettings Settings { get; }

    public int Id => _process.Id;

    /// <exception cref="VideoSourceException">P2P1001: the program cannot be started.</exception>
    public static EncoderRun Start(
        string executable, H264Encoder encoder, EncoderSettings settings, TimeProvider timeProvider, CancellationToken cancellationToken) =>
        new(FFmpegProcess.Start(executable, encoder.Build(settings), timeProvider, cancellationToken, withInput: true), settings);

    /// <summary>Hands a picture in I420 over; false when FFmpeg is gone, whose reason <see cref="EndAsync"/> knows.</summary>
    public async ValueTask<bool> TryWriteAsync(VideoFrame picture, bool isKeyFrame)
    {
        var isFirst = _origin is null;
        MatroskaWriter.WriteClusterHeader(_picture, TimeOf(picture.Timestamp, isKeyFrame), _picture.Length - MatroskaWriter.ClusterHeader);
        Pack(picture, _picture.AsSpan(MatroskaWriter.ClusterHeader));
        if (Interlocked.Exchange(ref _isOwing, 1) == 0)
        {
            _process.ExpectData(OutputLimit);
        }

        try
        {
            if (isFirst)
            {
                await _process.Input.WriteAsync(MatroskaWriter.CreateHeader(Settings.Width, Settings.Height, Settings.FrameRate));
            }

            await _process.Input.WriteAsync(_picture);
            await _process.Input.FlushAsync();
            return true;
        }
        catch (IOException)
        {
            return false;
        }
    }

    /// <summary>The next frame, its time on the pictures' own clock.</summary>
    public async ValueTask<ContainerRead> ReadAsync()
    {
        var read = await _output.ReadAsync();
        if (Interlocked.Exchange(ref _isOwing, 0) == 1)
        {
            _process.ExpectData(null);
        }

        return read with { Frame = read.Frame with { Time = (_origin ?? TimeSpan.Zero) + read.Frame.Time } };
    }

    /// <summary>No more pictures come: FFmpeg writes what it has and ends.</summary>
    public void CompleteInput()
    {
        try
        {
            _process.Input.Dispose();
        }
        catch (IOException)
        {
            // It was faster.
        }
    }

    public Task<FFmpegEnd> EndAsync() => _process.WaitForEndAsync();

    public ValueTask DisposeAsync()
    {
        CompleteInput();
        return _process.DisposeAsync();
    }

    // Even milliseconds, and the odd one behind where a key frame is wanted: FFmpeg is told to force one there.
    private long TimeOf(TimeSpan timestamp, bool isKeyFrame)
    {
        var since = (long)(timestamp - (_origin ??= timestamp)).TotalMilliseconds;
        _lastTime = Math.Max(since / Even * Even, (_lastTime / Even * Even) + Even);
        return _lastTime += isKeyFrame ? 1 : 0;
    }

    private static void Pack(VideoFrame picture, Span<byte> output)
    {
        for (var plane = 0; plane < 3; plane++)
        {
            var (width, height) = plane == 0 ? (picture.Width, picture.Height) : ((picture.Width + 1) / 2, (picture.Height + 1) / 2);
            var pixels = picture.GetPlane(plane);
            var stride = picture.GetStride(plane);
            for (var row = 0; row < height; row++)
            {
                pixels.Slice(row * stride, width).CopyTo(output);
                output = output[width..];
            }
        }
    }
}

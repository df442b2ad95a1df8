namespace P2PCam.Sources.FFmpeg;

/// <summary>Cuts FFmpeg's raw output, I420 pictures one behind the other without anything between them, into frames.</summary>
internal sealed class FFmpegFrameReader(FFmpegProcess process, FFmpegSourceOptions options, TimeProvider timeProvider, long origin)
{
    private readonly byte[] _first = new byte[1];
    private readonly ArrivalPace _pace = new();

    /// <summary>The next frame; null when the output ends, whatever the reason. A part of a frame at the end is dropped.</summary>
    public async ValueTask<VideoFrame?> ReadAsync()
    {
        process.ExpectData(_pace.StallAfter(options.DataTimeout));
        try
        {
            // The first byte alone: it tells when the picture arrived, and until it does no buffer is taken from the pool.
            if (await process.Output.ReadAsync(_first) == 0)
            {
                return null;
            }

            var now = timeProvider.GetElapsedTime(origin);
            _pace.OnFrame(now);
            var frame = VideoFrame.Rent(options.Width, options.Height, PixelFormat.I420, now, out var pixels);
            if (await TryFillAsync(pixels))
            {
                return frame;
            }

            frame.Dispose();
            return null;
        }
        catch (IOException)
        {
            // The pipe broke: the process is gone, and its exit code says more than the pipe does.
            return null;
        }
        finally
        {
            process.ExpectData(null);
        }
    }

    private async ValueTask<bool> TryFillAsync(Memory<byte> pixels)
    {
        pixels.Span[0] = _first[0];
        var rest = pixels[1..];
        try
        {
            return await process.Output.ReadAtLeastAsync(rest, rest.Length, throwOnEndOfStream: false) == rest.Length;
        }
        catch (IOException)
        {
            return false;
        }
    }
}

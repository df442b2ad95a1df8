using System.Buffers;
using P2PCam.Codecs.Vp8;
using VideoTool.Containers;

namespace P2PCam.VideoTool.Tests;

/// <summary>Small moving pictures, the same in every run.</summary>
internal static class TestVideo
{
    public static VideoFrame Picture(int width, int height, int number)
    {
        var picture = VideoFrame.Rent(width, height, PixelFormat.I420, default, out var memory);
        var pixels = memory.Span;
        for (var i = 0; i < pixels.Length; i++)
        {
            var (x, y) = (i % width, i / width);
            pixels[i] = (byte)(((x + (3 * number)) * 5) ^ (y * 3));
        }

        return picture;
    }

    public static void WriteY4m(string path, int width, int height, int count, Rational frameRate)
    {
        using var writer = new Y4mWriter(VideoFiles.Create(path), width, height, frameRate);
        for (var number = 0; number < count; number++)
        {
            using var picture = Picture(width, height, number);
            writer.Write(picture);
        }
    }

    /// <summary>Encoded frames, of which the first and each tenth are key frames.</summary>
    public static List<(byte[] Data, bool IsKey)> Encode(int width, int height, int count)
    {
        using var encoder = new Vp8Encoder(new Vp8EncoderOptions { Width = width, Height = height, MaxKeyFrameInterval = 10, DropFrames = false });
        var (frames, output) = (new List<(byte[], bool)>(), new ArrayBufferWriter<byte>());
        for (var number = 0; number < count; number++)
        {
            using var picture = Picture(width, height, number);
            output.ResetWrittenCount();
            frames.Add((output.WrittenSpan.ToArray(), encoder.Encode(picture, false, output).IsKeyFrame));
            frames[^1] = (output.WrittenSpan.ToArray(), frames[^1].Item2);
        }

        return frames;
    }

    /// <summary>Writes a file whose frames lie at the numbers given.</summary>
    public static void Write(string path, IReadOnlyList<(byte[] Data, bool IsKey)> frames, Rational frameRate, int width, int height, Func<int, long>? place = null)
    {
        using var writer = VideoFiles.CreateFrames(path, width, height, frameRate);
        for (var i = 0; i < frames.Count; i++)
        {
            writer.Write(frames[i].Data, place?.Invoke(i) ?? i, frames[i].IsKey);
        }

        writer.Finish();
    }

    public static List<(byte[] Data, TimeSpan Time)> Read(string path)
    {
        using var reader = VideoFiles.OpenFrames(path);
        var frames = new List<(byte[], TimeSpan)>();
        while (reader.TryRead(out var frame))
        {
            frames.Add((frame.Data.ToArray(), frame.Time));
        }

        return frames;
    }

    public static byte[] Pixels(VideoFrame picture) => [.. picture.GetPlane(0), .. picture.GetPlane(1), .. picture.GetPlane(2)];
}

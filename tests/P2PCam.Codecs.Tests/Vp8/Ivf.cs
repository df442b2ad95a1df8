using System.Buffers.Binary;
using System.Diagnostics;

namespace P2PCam.Codecs.Tests.Vp8;

/// <summary>
/// Frames in an IVF file, decoded by FFmpeg. File: "DKIF", version 2, header length 2 (32), FourCC 4, width 2, height 2, rate 4, scale 4,
/// frames 4, unused 4; then per frame: length 4, timestamp 8, data; all little-endian.
/// </summary>
internal sealed class Ivf(int width, int height)
{
    private readonly List<byte[]> _frames = [];

    /// <summary>The frames of a file.</summary>
    public static List<byte[]> Read(ReadOnlySpan<byte> file)
    {
        var frames = new List<byte[]>();
        for (var rest = file[BinaryPrimitives.ReadUInt16LittleEndian(file[6..])..]; rest.Length > 12;)
        {
            var length = (int)BinaryPrimitives.ReadUInt32LittleEndian(rest);
            frames.Add(rest.Slice(12, length).ToArray());
            rest = rest[(12 + length)..];
        }

        return frames;
    }

    public void Add(ReadOnlySpan<byte> frame) => _frames.Add(frame.ToArray());

    /// <summary>The decoded pictures, each in I420, by one of FFmpeg's decoders: "vp8" or "libvpx".</summary>
    public byte[] Decode(string decoder)
    {
        var path = Path.Combine(Path.GetTempPath(), $"p2pcam-{Guid.NewGuid():N}.ivf");
        try
        {
            File.WriteAllBytes(path, ToArray());
            // One thread: with two, FFmpeg 5.1's own decoder reads reference rows that are not done yet where a damaged vector points far away,
            // and 1 run of 100 gives other pixels.
            string[] arguments = ["-v", "error", "-nostdin", "-threads", "1", "-c:v", decoder, "-i", path, "-f", "rawvideo", "-pix_fmt", "yuv420p", "-fps_mode", "passthrough", "-"];
            using var process = Process.Start(new ProcessStartInfo("ffmpeg", arguments) { RedirectStandardOutput = true, RedirectStandardError = true })!;
            var errors = process.StandardError.ReadToEndAsync();
            using var decoded = new MemoryStream();
            process.StandardOutput.BaseStream.CopyTo(decoded);
            process.WaitForExit();
            Assert.Equal("", errors.GetAwaiter().GetResult());
            return decoded.ToArray();
        }
        finally
        {
            File.Delete(path);
        }
    }

    private byte[] ToArray()
    {
        using var file = new MemoryStream();
        var header = new byte[32];
        "DKIF"u8.CopyTo(header);
        header[6] = 32;
        "VP80"u8.CopyTo(header.AsSpan(8));
        BinaryPrimitives.WriteUInt16LittleEndian(header.AsSpan(12), (ushort)width);
        BinaryPrimitives.WriteUInt16LittleEndian(header.AsSpan(14), (ushort)height);
        BinaryPrimitives.WriteUInt32LittleEndian(header.AsSpan(16), 30);
        BinaryPrimitives.WriteUInt32LittleEndian(header.AsSpan(20), 1);
        BinaryPrimitives.WriteUInt32LittleEndian(header.AsSpan(24), (uint)_frames.Count);
        file.Write(header);
        var frameHeader = new byte[12];
        for (var i = 0; i < _frames.Count; i++)
        {
            BinaryPrimitives.WriteUInt32LittleEndian(frameHeader, (uint)_frames[i].Length);
            BinaryPrimitives.WriteUInt64LittleEndian(frameHeader.AsSpan(4), (ulong)i);
            file.Write(frameHeader);
            file.Write(_frames[i]);
        }

        return file.ToArray();
    }
}

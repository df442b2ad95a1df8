using System.Diagnostics;
using P2PCam.Codecs.Vp8;
using P2PCam.TestKit;

namespace P2PCam.Codecs.Tests.Vp8;

/// <summary>Streams that libvpx makes with all it has, decoded by libvpx and here: the same pixels.</summary>
public class Vp8DecoderLibvpxTests
{
    [ToolFact("ffmpeg")]
    public void Decode_HiddenAltRefFramesAndEightPartitions_IsAsLibvpxHasIt() =>
        Check("testsrc2=size=320x180:rate=30", 60, "-b:v 300k -auto-alt-ref 1 -lag-in-frames 16 -arnr-maxframes 5 -slices 8 -g 25");

    [ToolFact("ffmpeg")]
    public void Decode_AllProfilesAndOddSizes_IsAsLibvpxHasIt()
    {
        for (var profile = 0; profile < 4; profile++)
        {
            Check("mandelbrot=size=175x143:rate=30", 40, $"-b:v 400k -profile:v {profile} -slices 4 -sharpness {profile * 2} -g 100");
        }
    }

    [ToolFact("ffmpeg")]
    public void Decode_FastPansAndNoise_IsAsLibvpxHasIt()
    {
        // Vectors that point far out of the picture.
        Check("testsrc2=size=640x480:rate=30,crop=208:160:x='216+200*sin(n/2)':y='160+150*cos(n/3)'", 60, "-b:v 500k -deadline best -g 100");
        Check("life=size=128x128:mold=10:rate=30:random_seed=1,scale=256:256", 30, "-b:v 2M -error-resilient 1 -noise-sensitivity 2");
    }

    [ToolFact("ffmpeg")]
    public void Decode_RealTimeSettings_IsAsLibvpxHasIt() =>
        Check("testsrc2=size=640x360:rate=30", 60, "-b:v 600k -deadline realtime -cpu-used 8 -static-thresh 100 -error-resilient 1 -slices 2");

    [VectorsToolFact("ffmpeg")]
    public void Decode_RealFootage_IsAsLibvpxHasIt()
    {
        var clip = Path.Combine(Repository.Vectors!, "clips", "CiscoVT2people_320x192_12fps.yuv");
        Check(["-f", "rawvideo", "-pix_fmt", "yuv420p", "-s", "320x192", "-r", "12", "-stream_loop", "3", "-i", clip], 36, "-b:v 300k -auto-alt-ref 1 -lag-in-frames 8");
        clip = Path.Combine(Repository.Vectors!, "clips", "park_joy_420_720p50_frm0to9_480x270.y4m");
        Check(["-i", clip], 10, "-b:v 1500k");
    }

    /// <summary>
    /// Inter frames whose headers and modes are damaged: vectors far outside, references with any sign and copied in any order, as no
    /// encoder makes them. What decodes here decodes to the same pictures in FFmpeg's own decoder; libvpx refuses some of them.
    /// </summary>
    [VectorsToolFact("ffmpeg")]
    public void Decode_DamagedModesThatStillParse_IsAsFFmpegHasIt()
    {
        foreach (var number in (int[])[1, 4, 5, 7, 13])
        {
            var frames = Vectors.Frames(number);
            var ivf = new Ivf(176, 144);
            var expected = new List<byte[]>();
            for (var seed = 0; seed < 40; seed++)
            {
                AddDamaged(frames, new Random((seed * 100) + number), ivf, expected);
            }

            Assert.True(expected.Count >= 6, $"Stream {number}: {expected.Count} pictures");
            var decoded = ivf.Decode("vp8");
            var size = expected[0].Length;
            Assert.Equal(expected.Count * size, decoded.Length);
            for (var i = 0; i < expected.Count; i++)
            {
                Assert.True(decoded.AsSpan(i * size, size).SequenceEqual(expected[i]), $"Stream {number}: picture {i} differs.");
            }
        }
    }

    // A key frame and five frames, of which two have a byte changed at the start of their first partition; nothing where that does not decode.
    private static void AddDamaged(List<byte[]> frames, Random random, Ivf ivf, List<byte[]> expected)
    {
        using var decoder = new Vp8Decoder();
        var (damaged, pictures) = (new List<byte[]>(), new List<byte[]>());
        for (var i = 0; i < 6; i++)
        {
            var frame = frames[i];
            if (i is 1 or 2)
            {
                frame = WithMoreToRead(frame, random);
                frame[random.Next(3, i == 1 ? 12 : 40)] ^= (byte)(1 << random.Next(8));
            }

            if (decoder.Decode(frame, default, out var picture) != Vp8DecodeResult.Ok || picture is null)
            {
                picture?.Dispose();
                return;
            }

            damaged.Add(frame);
            pictures.Add(Vectors.Pixels(picture));
            picture.Dispose();
        }

        damaged.ForEach(frame => ivf.Add(frame));
        expected.AddRange(pictures);
    }

    // Random bytes behind the first and the last partition, so that what goes astray does not run out of data.
    private static byte[] WithMoreToRead(byte[] frame, Random random)
    {
        var (more, muchMore) = (new byte[2_000], new byte[20_000]);
        random.NextBytes(more);
        random.NextBytes(muchMore);
        var tag = frame[0] | (frame[1] << 8) | (frame[2] << 16);
        var end = 3 + (tag >> 5);
        tag += more.Length << 5;
        return [(byte)tag, (byte)(tag >> 8), (byte)(tag >> 16), .. frame[3..end], .. more, .. frame[end..], .. muchMore];
    }

    private static void Check(string source, int frames, string options) => Check(["-f", "lavfi", "-i", source], frames, options);

    private static void Check(string[] input, int frames, string options)
    {
        var path = Path.Combine(Path.GetTempPath(), $"p2pcam-{Guid.NewGuid():N}.ivf");
        try
        {
            Run([.. input, "-frames:v", $"{frames}", "-pix_fmt", "yuv420p", "-c:v", "libvpx", .. options.Split(' '), "-f", "ivf", path]);
            var expected = Run(["-c:v", "libvpx", "-i", path, "-f", "rawvideo", "-pix_fmt", "yuv420p", "-fps_mode", "passthrough", "-"]);
            using var decoder = new Vp8Decoder();
            var (position, count) = (0, 0);
            foreach (var frame in Ivf.Read(File.ReadAllBytes(path)))
            {
                Assert.Equal(Vp8DecodeResult.Ok, decoder.Decode(frame, default, out var picture));
                if (picture is not null)
                {
                    var pixels = Vectors.Pixels(picture);
                    picture.Dispose();
                    Assert.True(expected.AsSpan(position, pixels.Length).SequenceEqual(pixels), $"{options}: picture {count} differs.");
                    (position, count) = (position + pixels.Length, count + 1);
                }
            }

            Assert.Equal(expected.Length, position);
            Assert.Equal(frames, count);
        }
        finally
        {
            File.Delete(path);
        }
    }

    private static byte[] Run(string[] arguments)
    {
        var info = new ProcessStartInfo("ffmpeg", ["-v", "error", "-nostdin", "-y", .. arguments]) { RedirectStandardOutput = true, RedirectStandardError = true };
        using var process = Process.Start(info)!;
        var errors = process.StandardError.ReadToEndAsync();
        using var output = new MemoryStream();
        process.StandardOutput.BaseStream.CopyTo(output);
        process.WaitForExit();
        Assert.Equal("", errors.GetAwaiter().GetResult());
        return output.ToArray();
    }

    /// <summary>A test that needs the shared test data and a program.</summary>
    [AttributeUsage(AttributeTargets.Method)]
    private sealed class VectorsToolFactAttribute : FactAttribute
    {
        public VectorsToolFactAttribute(string tool) => Skip = new ToolFactAttribute(tool).Skip ?? new VectorsFactAttribute().Skip;
    }
}

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

using System.Diagnostics;
using P2PCam.TestKit;
using P2PCam.WebRtc.Rtp;
using P2PCam.WebRtc.Rtp.Payloads;

namespace P2PCam.WebRtc.Tests.Rtp;

public class PictureSizeTests
{
    [Theory]
    [InlineData("6742C01F8C8D40501E900F08846A", 640, 480)]           // aiortc's sample
    [InlineData("674D401F95A014016E40", 1280, 720)]                  // main
    [InlineData("6764001FACD9405005BB011000000300100000030320F1831960", 1280, 720)] // high, with an escape byte
    [InlineData("6742C028DA01E0089F961000003E90000EA600F1832A", 1920, 1080)] // cropped from 1088
    public void H264_SequenceParameterSets_TellTheSize(string hex, int width, int height)
    {
        var frame = H264Samples.AnnexB(H264Samples.Delimiter, Convert.FromHexString(hex), H264Samples.Pps, H264Samples.Idr(10));
        Assert.True(PictureSize.TryRead(RtpVideoCodec.H264, frame, out var w, out var h));
        Assert.Equal((width, height), (w, h));
    }

    [ToolTheory("ffmpeg")]
    [InlineData("320x240", "baseline")]
    [InlineData("1920x1080", "main")]
    [InlineData("854x480", "high")]
    [InlineData("146x98", "baseline")]
    public void H264_OfAnEncoder_HasItsSize(string size, string profile)
    {
        var path = Path.Combine(Path.GetTempPath(), $"p2pcam-{Guid.NewGuid():N}.h264");
        try
        {
            using var encoder = Process.Start(new ProcessStartInfo("ffmpeg", $"-v error -f lavfi -i testsrc2=s={size} -frames:v 1 -c:v libx264 -pix_fmt yuv420p -profile:v {profile} -y {path}"))!;
            Assert.True(encoder.WaitForExit(TimeSpan.FromSeconds(60)));
            Assert.Equal(0, encoder.ExitCode);
            Assert.True(PictureSize.TryRead(RtpVideoCodec.H264, File.ReadAllBytes(path), out var width, out var height));
            Assert.Equal(size, $"{width}x{height}");
        }
        finally
        {
            File.Delete(path);
        }
    }

    [VectorsFact]
    public void Vp9_ACapturesKeyFrame_TellsItsSize()
    {
        var first = RtpDump.Read(Path.Combine(Repository.Vectors!, "corpus", "webrtc", "rtpdump-corpus", "vp9", "vp9.rtpdump")).First();
        Assert.True(RtpPacketView.TryParse(first, out var packet));
        Assert.True(PictureSize.TryRead(RtpVideoCodec.Vp9, packet.Payload, out var width, out var height));
        Assert.Equal((640, 480), (width, height));
    }

    [Fact]
    public void AnyBytes_GiveAResult()
    {
        var random = new Random(13);
        byte[][] seeds = [H264Samples.AnnexB(H264Samples.Sps, H264Samples.Pps, H264Samples.Idr(9)), Convert.FromHexString("0882498342002 7F01DF4".Replace(" ", "", StringComparison.Ordinal))];
        for (var i = 0; i < 200_000; i++)
        {
            var bytes = seeds[i % 2].ToArray();
            for (var changes = random.Next(6); changes > 0; changes--)
            {
                bytes[random.Next(bytes.Length)] = (byte)random.Next(256);
            }

            bytes = bytes[..random.Next(bytes.Length + 1)];
            foreach (var codec in Enum.GetValues<RtpVideoCodec>())
            {
                if (PictureSize.TryRead(codec, bytes, out var width, out var height))
                {
                    Assert.InRange(width, 1, 65_536);
                    Assert.InRange(height, 1, 65_536);
                }
            }
        }
    }
}

using P2PCam.TestKit;
using P2PCam.WebRtc.Rtp.Payloads;

namespace P2PCam.WebRtc.Tests.Rtp;

public class Vp8FrameTagTests
{
    [VectorsTheory]
    [InlineData("vp80-00-comprehensive-001.ivf", 176, 144, 0)]
    [InlineData("vp80-00-comprehensive-007.ivf", 176, 144, 1)]
    [InlineData("vp80-00-comprehensive-008.ivf", 1432, 888, 0)]
    [InlineData("vp80-00-comprehensive-014.ivf", 175, 143, 0)]
    public void TryParse_FirstFrameOfAConformanceStream_HasItsSize(string file, int width, int height, int version)
    {
        var bytes = File.ReadAllBytes(Path.Combine(Repository.Vectors!, "vp8", file));
        Assert.True(Vp8FrameTag.TryParse(bytes.AsSpan(44), out var tag)); // 32 bytes of file header, 12 of frame header
        Assert.Equal((true, true, width, height, version), (tag.IsKeyFrame, tag.IsShown, tag.Width, tag.Height, tag.Version));
        Assert.InRange(tag.FirstPartitionSize, 1, bytes.Length);
    }

    [Theory]
    [InlineData("10020 09D012A8002E001", true)]
    [InlineData("10020 09D012B8002E001", false)] // wrong start code
    [InlineData("10020 09D012A0000E001", false)] // no width
    [InlineData("10020 09D012A800200C0", false)] // no height: the scale bits do not count
    [InlineData("10020 09D012A8002E0", false)]
    [InlineData("1102", false)]
    [InlineData("110200", true)]
    public void TryParse_DamagedStart_IsRefused(string hex, bool valid) =>
        Assert.Equal(valid, Vp8FrameTag.TryParse(Convert.FromHexString(hex.Replace(" ", "")), out _));
}

using P2PCam;
using VideoTool.Measures;

namespace VideoTool.Commands;

/// <summary>SSIM, 0 to 1.</summary>
internal sealed class SsimCommand(MeasureOptions options) : MeasureCommand(options)
{
    private Similarity _all;

    protected override string Title => "SSIM";

    protected override string Format => "0.00000";

    protected override Figures Compare(VideoFrame a, VideoFrame b)
    {
        var similarity = Similarity.Between(a, b);
        _all.Add(similarity);
        return Of(similarity);
    }

    protected override Figures All() => Of(_all);

    private static Figures Of(in Similarity s) => new(s.Y, s.U, s.V, s.Overall);
}

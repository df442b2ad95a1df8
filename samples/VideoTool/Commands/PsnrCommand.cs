using P2PCam;
using VideoTool.Measures;

namespace VideoTool.Commands;

/// <summary>PSNR in dB; equal pictures count as 100.</summary>
internal sealed class PsnrCommand(MeasureOptions options) : MeasureCommand(options)
{
    private PictureError _all;

    protected override string Title => "PSNR in dB";

    protected override string Format => "0.00";

    protected override Figures Compare(VideoFrame a, VideoFrame b)
    {
        var error = PictureError.Between(a, b);
        _all.Add(error);
        return Of(error);
    }

    protected override Figures All() => Of(_all);

    private static Figures Of(in PictureError error) => new(error.Y, error.U, error.V, error.Overall);
}

using P2PCam.WebRtc.Rtp.Payloads;

namespace P2PCam.WebRtc.Receiving.Payloads;

/// <summary>AV1: a frame is a temporal unit. Its first packet goes on with nothing, and says whether a new coded video sequence begins.</summary>
internal sealed class Av1PayloadReader : PreservedPayloadReader
{
    public override bool EndsWithTimestamp => true;

    protected override bool TryRead(ReadOnlySpan<byte> payload, out PayloadFlags flags)
    {
        flags = PayloadFlags.Picture;
        if (!Av1AggregationHeader.TryParse(payload, out var header))
        {
            return false;
        }

        if (!header.ContinuesFragment)
        {
            flags |= header.StartsSequence
                ? PayloadFlags.FrameStart | PayloadFlags.KeyFrameStart | PayloadFlags.KeyPicture
                : PayloadFlags.FrameStart;
        }

        return true;
    }
}

using P2PCam.WebRtc.Rtp.Payloads;

namespace P2PCam.WebRtc.Receiving.Payloads;

/// <summary>VP9 (RFC 9628): a frame is all spatial layers of a picture, from the lowest layer's first packet to the marker.</summary>
internal sealed class Vp9PayloadReader : PreservedPayloadReader
{
    protected override bool TryRead(ReadOnlySpan<byte> payload, out PayloadFlags flags)
    {
        flags = PayloadFlags.Picture;
        if (!Vp9PayloadDescriptor.TryParse(payload, out var descriptor))
        {
            return false;
        }

        if (descriptor.IsPictureStart)
        {
            flags |= descriptor.IsPredicted
                ? PayloadFlags.FrameStart
                : PayloadFlags.FrameStart | PayloadFlags.KeyFrameStart | PayloadFlags.KeyPicture;
        }

        return true;
    }
}

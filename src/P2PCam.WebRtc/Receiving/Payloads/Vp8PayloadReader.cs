using P2PCam.WebRtc.Rtp.Payloads;

namespace P2PCam.WebRtc.Receiving.Payloads;

/// <summary>VP8 (RFC 7741): a frame is what follows the descriptors, in one piece.</summary>
internal sealed class Vp8PayloadReader : IPayloadReader
{
    public bool KeepsPayloads => false;

    public bool EndsWithTimestamp => false;

    public bool TryRead(ReadOnlySpan<byte> payload, out PayloadFlags flags, out ReadOnlySpan<byte> data)
    {
        flags = PayloadFlags.Picture;
        if (!Vp8PayloadDescriptor.TryParse(payload, out var descriptor, out data))
        {
            return false;
        }

        if (descriptor.IsFrameStart)
        {
            flags |= Vp8FrameTag.IsKeyFrameStart(data[0])
                ? PayloadFlags.FrameStart | PayloadFlags.KeyFrameStart | PayloadFlags.KeyPicture
                : PayloadFlags.FrameStart;
        }

        return true;
    }

    public int Measure(ReadOnlySpan<byte> data) => data.Length;

    public int Write(ReadOnlySpan<byte> data, Span<byte> destination)
    {
        data.CopyTo(destination);
        return data.Length;
    }

    public ReadOnlySpan<byte> GetPreamble(PayloadFlags frame) => default;
}

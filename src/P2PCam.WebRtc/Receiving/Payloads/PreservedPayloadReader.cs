using P2PCam.WebRtc.Rtp;

namespace P2PCam.WebRtc.Receiving.Payloads;

/// <summary>Codecs that are sent on payload by payload: only where frames start, and which are key frames, is read.</summary>
internal abstract class PreservedPayloadReader : IPayloadReader
{
    public bool KeepsPayloads => true;

    public virtual bool EndsWithTimestamp => false;

    public bool TryRead(ReadOnlySpan<byte> payload, out PayloadFlags flags, out ReadOnlySpan<byte> data)
    {
        data = payload;
        flags = default;
        return payload.Length <= RtpPacketLimits.MaxForwardedPayload && TryRead(payload, out flags);
    }

    public int Measure(ReadOnlySpan<byte> data) => data.Length;

    public int Write(ReadOnlySpan<byte> data, Span<byte> destination)
    {
        data.CopyTo(destination);
        return data.Length;
    }

    public ReadOnlySpan<byte> GetPreamble(PayloadFlags frame) => default;

    protected abstract bool TryRead(ReadOnlySpan<byte> payload, out PayloadFlags flags);
}

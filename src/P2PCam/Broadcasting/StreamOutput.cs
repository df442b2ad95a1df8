using P2PCam.WebRtc.Rtp.Payloads;

namespace P2PCam.Broadcasting;

/// <summary>
/// What all viewers are sent: frames of the source, and the slate where there are none. Each is cut into packets once, on one clock. After a slate
/// nothing goes out but a key frame, since what a viewer has decoded last is not what the source's next frame builds on. Safe from several threads.
/// </summary>
internal sealed class StreamOutput(Packetizers packetizers, Action<PacketizedFrame> post, Func<TimeSpan> clock)
{
    private readonly Lock _gate = new();
    private readonly SendingTimeline _timeline = new();
    private volatile bool _needsKeyFrame = true;

    /// <summary>Whether the next frame of the source must be a key frame.</summary>
    public bool NeedsKeyFrame => _needsKeyFrame;

    /// <summary>Sends a frame of the source; false when viewers could not decode it.</summary>
    /// <param name="codec">How it is compressed.</param>
    /// <param name="frame">The compressed frame.</param>
    /// <param name="isKeyFrame">Whether it can be decoded without any frame before it.</param>
    /// <param name="timestamp">On the source's clock.</param>
    /// <param name="payloadSizes">How it was cut when it came, for codecs that are passed on payload by payload.</param>
    /// <param name="layer">Its place among temporal layers, where there are any.</param>
    /// <exception cref="ArgumentException">It is no frame of this codec, or cannot be cut.</exception>
    public bool TryWrite(
        RtpVideoCodec codec, ReadOnlySpan<byte> frame, bool isKeyFrame, TimeSpan timestamp, ReadOnlySpan<ushort> payloadSizes = default, TemporalLayer? layer = null)
    {
        lock (_gate)
        {
            if (_needsKeyFrame && !isKeyFrame)
            {
                return false;
            }

            var now = clock();
            var info = new FrameInfo(isKeyFrame, _timeline.Map(timestamp, now), now)
            {
                PayloadSizes = payloadSizes,
                TemporalLayer = layer is { } l ? new Vp8TemporalLayer(l.BaseFrameIndex, l.Index, l.IsSync) : null,
            };
            post(packetizers.Get(codec).Packetize(frame, info));
            _needsKeyFrame = false;
            return true;
        }
    }

    /// <summary>Sends a still picture, a VP8 key frame.</summary>
    public void WriteSlate(ReadOnlySpan<byte> frame)
    {
        lock (_gate)
        {
            _needsKeyFrame = true;
            var now = clock();
            post(packetizers.Get(RtpVideoCodec.Vp8).Packetize(frame, new FrameInfo(true, _timeline.MapNow(now), now)));
        }
    }

    /// <summary>Lets nothing but a key frame go out next: frames before it are missing.</summary>
    public void BeginAnew() => _needsKeyFrame = true;
}

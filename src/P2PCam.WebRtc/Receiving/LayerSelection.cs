using System.Buffers;
using P2PCam.WebRtc.Rtp.Payloads;

namespace P2PCam.WebRtc.Receiving;

/// <summary>
/// Which of a sender's layers is handed out. Another one takes over at its next key frame, which is asked for; until then the one before goes on,
/// and the timestamps continue across the change. Unless a layer was chosen it is the one with the most bits, which is the largest picture.
/// </summary>
internal sealed class LayerSelection(VideoLayer[] layers)
{
    private static readonly TimeSpan ReviewInterval = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan SilentAfter = TimeSpan.FromSeconds(1);

    // A layer must be clearly more to be worth a key frame.
    private const double ClearlyMore = 1.3;
    private VideoLayer? _chosen;
    private VideoLayer? _current;
    private VideoLayer? _target;
    private TimeSpan _nextReview = TimeSpan.MinValue;
    private uint _timestampOffset;
    private (uint Timestamp, TimeSpan At) _last;

    /// <summary>The layer that frames come from; null before the first.</summary>
    public VideoLayer? Current => _current;

    /// <summary>What the last frame was compressed with.</summary>
    public RtpVideoCodec? Codec { get; private set; }

    /// <summary>In pixels, of the last key frame that told; zero before.</summary>
    public (int Width, int Height) Size { get; private set; }

    /// <summary>The layer whose feedback matters: the one that is handed out or is to be.</summary>
    public bool IsWanted(VideoLayer layer) => layers.Length == 1 || layer == _current || layer == _target || (_current is null && _target is null);

    /// <summary>Chooses a layer by its rid, or, with null, leaves the choice to the rates; false when there is no such layer.</summary>
    public bool TrySelect(TimeSpan now, string? rid)
    {
        VideoLayer? chosen = null;
        foreach (var layer in layers)
        {
            chosen = layer.Rid == rid ? layer : chosen;
        }

        if (rid is not null && chosen is null)
        {
            return false;
        }

        _chosen = chosen;
        _nextReview = TimeSpan.MinValue;
        Review(now);
        return true;
    }

    /// <summary>To be called as packets come.</summary>
    public void Review(TimeSpan now)
    {
        if (layers.Length == 1 || now < _nextReview)
        {
            return;
        }

        _nextReview = now + ReviewInterval;
        var wanted = _chosen ?? FindLargest(now);
        if (wanted is not null && wanted != (_target ?? _current))
        {
            _target = wanted == _current ? null : wanted;
            if (_target is { } target && _current is not null)
            {
                target.Receiver.RequestKeyFrame(now);
            }
        }
    }

    public void RequestKeyFrame(TimeSpan now)
    {
        foreach (var layer in layers)
        {
            if (IsWanted(layer))
            {
                layer.Receiver.RequestKeyFrame(now);
            }
        }
    }

    /// <summary>The next frame of the layer that is handed out; those of others are dropped.</summary>
    public bool PollFrame(out ReceivedFrame frame)
    {
        foreach (var layer in layers)
        {
            while (layer.Receiver.PollFrame(out frame))
            {
                if (layer != _current && frame.IsKeyFrame && (layer == _target || (_current is null && _target is null)))
                {
                    SwitchTo(layer, frame);
                }

                if (layer == _current)
                {
                    frame = frame with { Rid = layer.Rid, RtpTimestamp = frame.RtpTimestamp + _timestampOffset };
                    _last = (frame.RtpTimestamp, frame.ReceivedAt);
                    Codec = frame.Codec;
                    if (frame.IsKeyFrame && PictureSize.TryRead(frame.Codec, frame.Data, out var width, out var height))
                    {
                        Size = (width, height);
                    }

                    return true;
                }

                ArrayPool<byte>.Shared.Return(frame.Buffer);
            }
        }

        frame = default;
        return false;
    }

    private void SwitchTo(VideoLayer layer, in ReceivedFrame first)
    {
        if (_current is not null)
        {
            var passed = (uint)Math.Max(1, (first.ReceivedAt - _last.At).Ticks * 9 / 1000);
            _timestampOffset = _last.Timestamp + passed - first.RtpTimestamp;
        }

        (_current, _target) = (layer, null);
    }

    private VideoLayer? FindLargest(TimeSpan now)
    {
        var held = _target ?? _current;
        var best = held is not null && held.IsActive(now, SilentAfter) ? held : null;
        foreach (var layer in layers)
        {
            if (layer != best && layer.IsActive(now, SilentAfter)
                && (best is null || layer.Rate.Get(now) > ClearlyMore * best.Rate.Get(now)))
            {
                best = layer;
            }
        }

        return best;
    }
}

/// <summary>One of the streams that a sender makes of its picture; the only one has no rid.</summary>
internal sealed class VideoLayer(string? rid, VideoReceiver receiver)
{
    private TimeSpan _lastPacket = TimeSpan.MinValue;

    public string? Rid { get; } = rid;

    public VideoReceiver Receiver { get; } = receiver;

    public ReceiveRate Rate { get; } = new();

    public void OnPacket(TimeSpan now, int bytes)
    {
        _lastPacket = now;
        Rate.Add(now, bytes);
    }

    public bool IsActive(TimeSpan now, TimeSpan silentAfter) => _lastPacket != TimeSpan.MinValue && now - _lastPacket < silentAfter;
}

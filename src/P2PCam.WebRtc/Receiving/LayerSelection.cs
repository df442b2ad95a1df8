using System.Buffers;
using P2PCam.WebRtc.Rtp.Payloads;

namespace P2PCam.WebRtc.Receiving;

/// <summary>
/// Which of a sender's layers is handed out. Another one takes over at its next key frame, which is asked for; until then the one before goes on,
/// and the timestamps continue across the change. Unless a layer was chosen it is the one with the most bits, which is the largest picture,
/// among those
/// that give whole frames: a sender may promise layers that it never sends, fill them with padding only, and pause any of them (RFC 8853
/// section 5).
/// While nothing is shown, every layer that comes is asked for a key frame, and the first one is shown.
/// </summary>
internal sealed class LayerSelection(VideoLayer[] layers)
{
    private static readonly TimeSpan ReviewInterval = TimeSpan.FromMilliseconds(500);

    // A layer must be clearly more to be worth a key frame.
    private const double ClearlyMore = 1.3;
    private VideoLayer? _chosen;
    private VideoLayer? _current;
    private VideoLayer? _target;
    private TimeSpan _nextReview = TimeSpan.MinValue;
    private uint _timestampOffset;
    private bool _isDark = true;
    private (uint Timestamp, TimeSpan At) _last;

    /// <summary>The layer that frames come from; null before the first.</summary>
    public VideoLayer? Current => _current;

    /// <summary>What the last frame was compressed with.</summary>
    public RtpVideoCodec? Codec { get; private set; }

    /// <summary>In pixels, of the last key frame that told; zero before.</summary>
    public (int Width, int Height) Size { get; private set; }

    /// <summary>
    /// The layer whose feedback matters: the one that is handed out or is to be, and each one that has yet to show that it can be; all
    /// while nothing is
    /// shown.
    /// </summary>
    public bool IsWanted(TimeSpan now, VideoLayer layer) =>
        layers.Length == 1 || _isDark || layer == _current || layer == _target || layer.IsOnProbation(now);

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
        ReviewNow(now);
        return true;
    }

    /// <summary>To be called as packets come.</summary>
    public void Review(TimeSpan now)
    {
        if (layers.Length > 1 && now >= _nextReview)
        {
            ReviewNow(now);
        }
    }

    /// <summary>To be called when it is known that something changed.</summary>
    public void ReviewNow(TimeSpan now)
    {
        _nextReview = now + ReviewInterval;
        if (layers.Length == 1)
        {
            return;
        }

        var wasDark = _isDark;
        _isDark = _current?.GivesFrames(now) != true;
        if (_target != _chosen && _target?.IsDeaf(now) == true)
        {
            _target = null;
        }

        // A chosen one is asked for as long as it comes, and what is shown goes on meanwhile.
        var wanted = _chosen?.Comes(now) == true ? _chosen : FindLargest(now);
        if (wanted is not null && wanted != (_target ?? _current))
        {
            _target = wanted == _current ? null : wanted;
            if (_target is { } target && _current is not null)
            {
                target.AskForKeyFrame(now);
            }
        }

        if (_isDark && !wasDark)
        {
            foreach (var layer in layers)
            {
                layer.AskForKeyFrame(now);
            }
        }
    }

    public void RequestKeyFrame(TimeSpan now)
    {
        foreach (var layer in layers)
        {
            if (IsWanted(now, layer))
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
                layer.OnFrame(frame.ReceivedAt);
                if (layer != _current && frame.IsKeyFrame && (layer == _target || _isDark))
                {
                    SwitchTo(layer, frame);
                }

                if (layer == _current)
                {
                    frame = frame with { Rid = layer.Rid, RtpTimestamp = frame.RtpTimestamp + _timestampOffset };
                    _isDark = false;
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

        _current = layer;
        _target = _target == layer ? null : _target;
    }

    private VideoLayer? FindLargest(TimeSpan now)
    {
        var held = _target ?? _current;
        var best = held is not null && held.GivesFrames(now) ? held : null;
        foreach (var layer in layers)
        {
            if (layer != best && layer.GivesFrames(now) && !layer.IsDeaf(now)
                && (best is null || layer.GetWeight(now) > ClearlyMore * best.GetWeight(now)))
            {
                best = layer;
            }
        }

        return best;
    }
}

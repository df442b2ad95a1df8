using P2PCam.WebRtc.Rtp.Payloads;

namespace P2PCam.Sources.FFmpeg.H264;

/// <summary>
/// Holds what somebody publishes against what viewers play, access unit by access unit: the same rule as for pass-through.
/// </summary>
internal sealed class AccessUnitJudge
{
    private string? _profile;

    /// <summary>By the newest sequence parameter set, such as "Main"; null before one came.</summary>
    public string? Profile => Volatile.Read(ref _profile);

    /// <summary>
    /// Why viewers do not play it, as the end of a sentence that begins with "H.264 that"; null when nothing is known against it.
    /// </summary>
    /// <param name="unit">In Annex B form.</param>
    public string? FindObstacle(ReadOnlySpan<byte> unit)
    {
        var content = default(AccessUnitContent);
        while (H264Nal.TryTake(ref unit, out var nal))
        {
            // What cannot be read is left to the viewers' decoders: nothing was agreed on with whoever sends it, unlike with FFmpeg.
            content.TryAdd(nal);
        }

        if (content.Sequence is { } set)
        {
            var name = H264Profiles.NameOf(set.Profile, set.Constraints);
            if (name != _profile)
            {
                Volatile.Write(ref _profile, name);
            }

            if (ViewerCompatibility.ObstacleOf(set) is { } obstacle)
            {
                return obstacle;
            }
        }

        return content.HasBidirectional ? ViewerCompatibility.BidirectionalFrames : null;
    }
}

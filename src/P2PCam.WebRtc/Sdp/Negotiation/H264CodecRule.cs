using System.Globalization;

namespace P2PCam.WebRtc.Sdp;

/// <summary>
/// H.264 (RFC 6184 section 8). A stream is described by its profile and its packetization mode, which must be the same on both
/// sides; levels may differ.
/// <code>
/// profile-level-id = profile_idc (8) | constraint_set flags (6) 00 | level_idc (8), in hex
/// </code>
/// This rule takes constrained baseline, which every H.264 decoder plays, with packetization mode 1 (FU-A and STAP-A).
/// </summary>
internal sealed class H264CodecRule : IVideoCodecRule
{
    private const string NonInterleavedMode = "1";

    public static H264CodecRule Instance { get; } = new();

    public string EncodingName => "H264";

    public string? OfferedParameters => "level-asymmetry-allowed=1;packetization-mode=1;profile-level-id=42e01f";

    public bool TryMatch(SdpPayloadType offered, out string? answerParameters)
    {
        answerParameters = null;
        if (!offered.TryGetParameter("packetization-mode", out var mode) || !mode.SequenceEqual(NonInterleavedMode)
            || !offered.TryGetParameter("profile-level-id", out var profile) || profile.Length != 6
            || !int.TryParse(profile, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var bits)
            || !IsConstrainedBaseline(bits >> 16, (bits >> 8) & 0xFF))
        {
            return false;
        }

        // Without level asymmetry the answer must not exceed the offered level; repeating it satisfies both cases.
        answerParameters = $"level-asymmetry-allowed=1;packetization-mode=1;profile-level-id={profile.ToString().ToLowerInvariant()}";
        return true;
    }

    /// <summary>
    /// The patterns of RFC 6184 table 5: baseline with set 1, main with set 0, extended with sets 0 and 1; the last four bits are 0.
    /// </summary>
    private static bool IsConstrainedBaseline(int profile, int flags) => profile switch
    {
        0x42 => (flags & 0x4F) == 0x40,
        0x4D => (flags & 0x8F) == 0x80,
        0x58 => (flags & 0xCF) == 0xC0,
        _ => false,
    };
}

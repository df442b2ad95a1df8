using System.Globalization;
using P2PCam.WebRtc.Rtp.Payloads;

namespace P2PCam.WebRtc.Sdp;

/// <summary>
/// H.264 (RFC 6184 section 8). A stream is described by its profile and its packetization mode, which must be the same on both
/// sides; levels may differ.
/// <code>
/// profile-level-id = profile_idc (8) | constraint_set flags (6) 00 | level_idc (8), in hex
/// </code>
/// What is sent and taken is constrained baseline, which every H.264 decoder plays, or baseline, of which it is a part. A viewer's main or
/// high would be a promise to send that. What we send needs packetization mode 1: a slice that is larger than a packet cannot go as a single
/// NAL unit, and pictures come from encoders that nobody told the packet size. What we receive may come in either mode.
/// </summary>
internal sealed class H264CodecRule : IVideoCodecRule
{
    private const string NonInterleavedMode = "1";
    private const string SingleNalUnitMode = "0";

    // What a missing profile-level-id means: baseline, level 1 (RFC 6184 section 8.1).
    private const string DefaultProfile = "42000a";
    private static readonly string[] OfferedToSend = [Parameters(NonInterleavedMode, "42e01f"), Parameters(NonInterleavedMode, "42001f")];
    private static readonly string[] OfferedToReceive = [.. OfferedToSend, Parameters(SingleNalUnitMode, "42e01f")];

    public static H264CodecRule Instance { get; } = new();

    public RtpVideoCodec Codec => RtpVideoCodec.H264;

    public IReadOnlyList<string?> GetOfferedParameters(bool weSend) => weSend ? OfferedToSend : OfferedToReceive;

    public bool TryMatch(SdpPayloadType offered, bool weSend, out CodecMatch match)
    {
        match = default;
        var mode = offered.TryGetParameter("packetization-mode", out var named) ? named : SingleNalUnitMode;
        var profile = offered.TryGetParameter("profile-level-id", out var level) ? level : DefaultProfile;
        var isSingle = mode.SequenceEqual(SingleNalUnitMode);
        if ((isSingle ? weSend : !mode.SequenceEqual(NonInterleavedMode)) || profile.Length != 6
            || !int.TryParse(profile, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var bits)
            || RankProfile(bits >> 16, (bits >> 8) & 0xFF) is not { } rank)
        {
            return false;
        }

        // Without level asymmetry the answer must not exceed the offered level; repeating it satisfies both cases.
        var text = Parameters(isSingle ? SingleNalUnitMode : NonInterleavedMode, profile.ToString().ToLowerInvariant());
        match = new CodecMatch(rank + (isSingle ? 2 : 0), text);
        return true;
    }

    private static string Parameters(string mode, string profile) =>
        $"level-asymmetry-allowed=1;packetization-mode={mode};profile-level-id={profile}";

    /// <summary>
    /// The patterns of RFC 6184 table 5: baseline with set 1, main with set 0, extended with sets 0 and 1 are constrained baseline, and 0x42
    /// or extended with set 0 are baseline; the last four bits are 0.
    /// </summary>
    private static int? RankProfile(int profile, int flags) => profile switch
    {
        0x42 when (flags & 0x4F) == 0x40 => 0,
        0x4D when (flags & 0x8F) == 0x80 => 0,
        0x58 when (flags & 0xCF) == 0xC0 => 0,
        0x42 when (flags & 0x4F) == 0 => 1,
        0x58 when (flags & 0xCF) == 0x80 => 1,
        _ => null,
    };
}

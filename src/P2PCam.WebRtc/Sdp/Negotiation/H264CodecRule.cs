using System.Globalization;
using P2PCam.WebRtc.Rtp.Payloads;

namespace P2PCam.WebRtc.Sdp;

/// <summary>
/// H.264 (RFC 6184 section 8). A stream is described by its profile and its packetization mode, which must be the same on both
/// sides; levels may differ.
/// <code>
/// profile-level-id = profile_idc (8) | constraint_set flags (6) 00 | level_idc (8), in hex
/// </code>
/// What is sent and taken first is constrained baseline, which every H.264 decoder plays, or baseline, of which it is a part. Main and high
/// are taken
/// where the other side has nothing else: their decoders play baseline too, and what comes in them is passed on by
/// <see cref="H264Profiles"/>. What we
/// send needs packetization mode 1: a slice that is larger than a packet cannot go as a single NAL unit, and pictures come from encoders
/// that nobody
/// told the packet size. What we receive may come in either mode.
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
        if (!TryRead(offered, out var form) || !form.IsModeFor(weSend) || RankProfile(form.Profile, form.Constraints) is not { } rank)
        {
            return false;
        }

        match = form.Match(rank) with { ParameterSets = weSend ? null : ReadSets(offered) };
        return true;
    }

    public bool TryMatchOther(SdpPayloadType offered, bool weSend, out CodecMatch match)
    {
        match = default;
        if (!TryRead(offered, out var form) || !form.IsModeFor(weSend) || !H264Profiles.ArePlayed(form.Profile, form.Constraints))
        {
            return false;
        }

        // The lower the profile, the more viewers have it.
        match = form.Match(form.Profile) with { ParameterSets = weSend ? null : ReadSets(offered) };
        return true;
    }

    public string? ExplainMismatch(SdpPayloadType offered, bool weSend)
    {
        if (!TryRead(offered, out var form))
        {
            return "H264 is offered with a profile-level-id that is none: three bytes in hex make one, such as 42e01f.";
        }

        if (!H264Profiles.ArePlayed(form.Profile, form.Constraints))
        {
            var name = H264Profiles.NameOf(form.Profile, form.Constraints);
            return $"H264 is offered as {name} (profile-level-id={form.Text}); {H264Profiles.Played} can.";
        }

        var modes = weSend ? NonInterleavedMode : $"{SingleNalUnitMode} and {NonInterleavedMode}";
        return form.IsModeFor(weSend) ? null : $"H264 is offered with packetization-mode={form.Mode}; {modes} can.";
    }

    private static bool TryRead(SdpPayloadType offered, out Form form)
    {
        var mode = offered.TryGetParameter("packetization-mode", out var named) ? named : SingleNalUnitMode;
        var profile = offered.TryGetParameter("profile-level-id", out var level) ? level : DefaultProfile;
        form = default;
        if (profile.Length != 6 || !int.TryParse(profile, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var bits))
        {
            return false;
        }

        form = new Form((byte)(bits >> 16), (byte)(bits >> 8), profile.ToString().ToLowerInvariant(), mode.ToString());
        return true;
    }

    private static string? ReadSets(SdpPayloadType offered) =>
        offered.TryGetParameter("sprop-parameter-sets", out var sets) ? sets.ToString() : null;

    private static string Parameters(string mode, string profile) =>
        $"level-asymmetry-allowed=1;packetization-mode={mode};profile-level-id={profile}";

    /// <summary>
    /// The patterns of RFC 6184 table 5: baseline with set 1, main with set 0, extended with sets 0 and 1 are constrained baseline, and 0x42
    /// or extended with set 0 are baseline; the last four bits are 0.
    /// </summary>
    private static int? RankProfile(byte profile, byte flags) => profile switch
    {
        0x42 when (flags & 0x4F) == 0x40 => 0,
        0x4D when (flags & 0x8F) == 0x80 => 0,
        0x58 when (flags & 0xCF) == 0xC0 => 0,
        0x42 when (flags & 0x4F) == 0 => 1,
        0x58 when (flags & 0xCF) == 0x80 => 1,
        _ => null,
    };

    /// <summary>What a payload type says of its stream.</summary>
    private readonly record struct Form(byte Profile, byte Constraints, string Text, string Mode)
    {
        private bool IsSingle => Mode == SingleNalUnitMode;

        public bool IsModeFor(bool weSend) => IsSingle ? !weSend : Mode == NonInterleavedMode;

        // Without level asymmetry the answer must not exceed the offered level; repeating it satisfies both cases.
        public CodecMatch Match(int rank) =>
            new((2 * rank) + (IsSingle ? 4 : 0), Parameters(IsSingle ? SingleNalUnitMode : NonInterleavedMode, Text));
    }
}

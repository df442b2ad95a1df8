using P2PCam.WebRtc.Rtp.Payloads;

namespace P2PCam.WebRtc.Sdp;

/// <summary>
/// VP9 (RFC 9628 section 7: profile-id) and AV1 (its RTP payload format, section 7.2: profile). Only profile 0, 8 bits and 4:2:0, is taken,
/// which every decoder of them plays; it is also what a missing parameter means.
/// </summary>
internal sealed class ProfileZeroCodecRule(RtpVideoCodec codec, string profileParameter) : IVideoCodecRule
{
    private const string Profile = "0";

    public static ProfileZeroCodecRule Vp9 { get; } = new(RtpVideoCodec.Vp9, "profile-id");

    public static ProfileZeroCodecRule Av1 { get; } = new(RtpVideoCodec.Av1, "profile");

    public RtpVideoCodec Codec => codec;

    public IReadOnlyList<string?> GetOfferedParameters(bool weSend) => [$"{profileParameter}={Profile}"];

    public bool TryMatch(SdpPayloadType offered, bool weSend, out CodecMatch match)
    {
        match = new CodecMatch(0, $"{profileParameter}={Profile}");
        return !offered.TryGetParameter(profileParameter, out var profile) || profile.SequenceEqual(Profile);
    }

    public string? ExplainMismatch(SdpPayloadType offered, bool weSend) =>
        offered.TryGetParameter(profileParameter, out var profile) && !profile.SequenceEqual(Profile)
            ? $"{RtpVideoCodecNames.Of(codec)} is offered with {profileParameter}={profile}; {Profile} can."
            : null;
}

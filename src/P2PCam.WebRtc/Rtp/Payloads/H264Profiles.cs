namespace P2PCam.WebRtc.Rtp.Payloads;

/// <summary>
/// The profiles of H.264 by profile_idc and constraint flags (ITU-T H.264 annex A), and which of them are passed on. The one rule for every
/// door: an
/// offer's profile-level-id (RFC 6184 section 8.1) and a stream's sequence parameter set carry the same bytes.
/// </summary>
internal static class H264Profiles
{
    /// <summary>
    /// Those that are passed on, in words. What viewers offer is less; the decoders behind it play these (docs/decisions/0010).
    /// </summary>
    public const string Played = "Constrained Baseline, Baseline, Main and High";

    private const int Set0 = 0x80;
    private const int Set1 = 0x40;
    private const int Set4And5 = 0x0C;

    /// <summary>Whether viewers play it.</summary>
    public static bool ArePlayed(byte profile, byte constraints) =>
        profile is 66 or 77 or 100 || (profile == 88 && (constraints & Set0) != 0);

    public static string NameOf(byte profile, byte constraints) => profile switch
    {
        66 when (constraints & Set1) != 0 => "Constrained Baseline",
        77 when (constraints & Set0) != 0 => "Constrained Baseline",
        88 when (constraints & (Set0 | Set1)) == (Set0 | Set1) => "Constrained Baseline",
        66 => "Baseline",
        88 when (constraints & Set0) != 0 => "Baseline",
        77 => "Main",
        88 => "Extended",
        100 when (constraints & Set4And5) == Set4And5 => "Constrained High",
        100 => "High",
        110 => "High 10",
        122 => "High 4:2:2",
        244 => "High 4:4:4 Predictive",
        44 => "CAVLC 4:4:4 Intra",
        83 or 86 => "Scalable",
        118 or 128 or 134 or 138 or 139 => "Multiview",
        _ => $"number {profile}",
    };
}

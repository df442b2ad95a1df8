namespace P2PCam.WebRtc.Srtp;

/// <summary>SRTP protection profiles by their DTLS-SRTP numbers (RFC 5764 section 4.1.2, RFC 7714 section 14.2).</summary>
internal enum SrtpProfile : ushort
{
    None = 0,
    Aes128CmHmacSha1_80 = 0x0001,
    AeadAes128Gcm = 0x0007,
    AeadAes256Gcm = 0x0008,
}

/// <summary>The lengths, in bytes, that go with a profile.</summary>
internal static class SrtpProfiles
{
    /// <summary>The SRTCP trailer: the E flag and a 31-bit index (RFC 3711 section 3.4).</summary>
    public const int RtcpIndexLength = 4;

    public static bool IsSupported(this SrtpProfile profile) =>
        profile is SrtpProfile.Aes128CmHmacSha1_80 or SrtpProfile.AeadAes128Gcm or SrtpProfile.AeadAes256Gcm;

    public static bool IsAead(this SrtpProfile profile) => profile is SrtpProfile.AeadAes128Gcm or SrtpProfile.AeadAes256Gcm;

    public static int KeyLength(this SrtpProfile profile) => profile == SrtpProfile.AeadAes256Gcm ? 32 : 16;

    public static int SaltLength(this SrtpProfile profile) => profile.IsAead() ? 12 : 14;

    public static int TagLength(this SrtpProfile profile) => profile.IsAead() ? 16 : 10;
}

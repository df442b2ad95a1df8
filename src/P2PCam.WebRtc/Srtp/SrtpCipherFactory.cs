using System.Security.Cryptography;
using P2PCam.WebRtc.Srtp.Ciphers;

namespace P2PCam.WebRtc.Srtp;

/// <summary>Derives session keys and picks the cipher for a profile and this processor.</summary>
internal static class SrtpCipherFactory
{
    private const int HmacSha1KeyLength = 20;

    public static SrtpCipher Create(SrtpProfile profile, ReadOnlySpan<byte> masterKey, ReadOnlySpan<byte> masterSalt, bool rtcp)
    {
        var (encryption, authentication, salting) = rtcp
            ? (SrtpKeyLabel.RtcpEncryption, SrtpKeyLabel.RtcpAuthentication, SrtpKeyLabel.RtcpSalt)
            : (SrtpKeyLabel.RtpEncryption, SrtpKeyLabel.RtpAuthentication, SrtpKeyLabel.RtpSalt);
        var key = SrtpKeyDerivation.Derive(masterKey, masterSalt, encryption, profile.KeyLength());
        var salt = SrtpKeyDerivation.Derive(masterKey, masterSalt, salting, profile.SaltLength());
        var authenticationKey = SrtpKeyDerivation.Derive(masterKey, masterSalt, authentication, HmacSha1KeyLength);
        try
        {
            return profile.IsAead() ? new AesGcmSrtpCipher(Gcm.Create(key), salt) : new AesCmSrtpCipher(key, authenticationKey, salt);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(key);
            CryptographicOperations.ZeroMemory(salt);
            CryptographicOperations.ZeroMemory(authenticationKey);
        }
    }
}

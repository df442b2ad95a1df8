using System.Runtime.Intrinsics.X86;
using System.Security.Cryptography;

namespace P2PCam.WebRtc.Srtp.Ciphers;

/// <summary>AES-GCM with a 12-byte nonce and a 16-byte tag (NIST SP 800-38D), under one key.</summary>
internal abstract class Gcm : IDisposable
{
    public const int TagLength = 16;

    /// <summary>The fastest that this processor has.</summary>
    public static Gcm Create(ReadOnlySpan<byte> key) => IsAccelerated ? new X86Gcm(key) : new PlatformGcm(key);

    public static bool IsAccelerated => System.Runtime.Intrinsics.X86.Aes.IsSupported && Pclmulqdq.IsSupported && Ssse3.IsSupported;

    /// <summary>Encrypts and makes the tag. <paramref name="source"/> may be <paramref name="destination"/> itself.</summary>
    public abstract void Seal(
        ReadOnlySpan<byte> nonce, ReadOnlySpan<byte> associated, ReadOnlySpan<byte> source, Span<byte> destination, Span<byte> tag);

    /// <summary>Decrypts in place if the tag is right. After false the body is worthless.</summary>
    public abstract bool TryOpen(ReadOnlySpan<byte> nonce, ReadOnlySpan<byte> associated, Span<byte> body, ReadOnlySpan<byte> tag);

    public abstract void Dispose();
}

/// <summary>AES-GCM of the platform's cryptographic library.</summary>
internal sealed class PlatformGcm(ReadOnlySpan<byte> key) : Gcm
{
    private readonly AesGcm _gcm = new(key, TagLength);

    public override void Seal(
        ReadOnlySpan<byte> nonce, ReadOnlySpan<byte> associated, ReadOnlySpan<byte> source, Span<byte> destination, Span<byte> tag) =>
        _gcm.Encrypt(nonce, source, destination[..source.Length], tag, associated);

    // A wrong tag is reported by an exception, some 10 µs: slow under a flood of forgeries, but right.
    public override bool TryOpen(ReadOnlySpan<byte> nonce, ReadOnlySpan<byte> associated, Span<byte> body, ReadOnlySpan<byte> tag)
    {
        try
        {
            _gcm.Decrypt(nonce, body, tag, body, associated);
            return true;
        }
        catch (AuthenticationTagMismatchException)
        {
            return false;
        }
    }

    public override void Dispose() => _gcm.Dispose();
}

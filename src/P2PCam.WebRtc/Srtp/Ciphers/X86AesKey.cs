using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Security.Cryptography;
using AesNi = System.Runtime.Intrinsics.X86.Aes;

namespace P2PCam.WebRtc.Srtp.Ciphers;

/// <summary>AES round keys for the processor's AES instructions (FIPS 197 section 5.2), and single blocks with them.</summary>
internal sealed class X86AesKey : IDisposable
{
    private readonly Vector128<byte>[] _rounds;

    public X86AesKey(ReadOnlySpan<byte> key)
    {
        var keyWords = key.Length / 4;
        _rounds = new Vector128<byte>[keyWords + 7];
        var words = MemoryMarshal.Cast<Vector128<byte>, uint>(_rounds.AsSpan());
        MemoryMarshal.Cast<byte, uint>(key).CopyTo(words);
        uint constant = 1;
        for (var i = keyWords; i < words.Length; i++)
        {
            var word = words[i - 1];
            if (i % keyWords == 0)
            {
                word = BitOperations.RotateRight(SubWord(word), 8) ^ constant;
                constant = (constant << 1) ^ ((constant >> 7) * 0x11B);
            }
            else if (keyWords > 6 && i % keyWords == 4)
            {
                word = SubWord(word);
            }

            words[i] = words[i - keyWords] ^ word;
        }
    }

    public ReadOnlySpan<Vector128<byte>> Rounds => _rounds;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Vector128<byte> Encrypt(Vector128<byte> block)
    {
        var rounds = _rounds;
        block ^= rounds[0];
        for (var i = 1; i < rounds.Length - 1; i++)
        {
            block = AesNi.Encrypt(block, rounds[i]);
        }

        return AesNi.EncryptLast(block, rounds[^1]);
    }

    public void Dispose() => CryptographicOperations.ZeroMemory(MemoryMarshal.AsBytes(_rounds.AsSpan()));

    private static uint SubWord(uint word) => AesNi.KeygenAssist(Vector128.Create(0, word, 0, 0).AsByte(), 0).AsUInt32().ToScalar();
}

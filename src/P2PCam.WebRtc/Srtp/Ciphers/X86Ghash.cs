using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using System.Security.Cryptography;

namespace P2PCam.WebRtc.Srtp.Ciphers;

/// <summary>
/// GHASH (NIST SP 800-38D section 6.4) by carry-less multiplication. Blocks are held byte-reversed, which leaves their bits reflected;
/// a product then comes out one bit too low and is shifted before it is reduced modulo x^128 + x^7 + x^2 + x + 1. Eight blocks
/// share one reduction: (((a + b1) H + b2) H ...) = (a + b1) H^8 + b2 H^7 + ... + b8 H.
/// </summary>
internal sealed class X86Ghash : IDisposable
{
    public const int Batch = 8;
    public const int BlockLength = 16;

    // Powers in the order in which a batch needs them: H^8 first.
    private readonly Vector128<ulong>[] _powers = new Vector128<ulong>[Batch];

    public X86Ghash(Vector128<byte> hashKey)
    {
        var h = Reverse(hashKey).AsUInt64();
        _powers[^1] = h;
        for (var i = Batch - 2; i >= 0; i--)
        {
            _powers[i] = Multiply(_powers[i + 1], h);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<byte> Reverse(Vector128<byte> block) =>
        Ssse3.Shuffle(block, Vector128.Create((byte)15, 14, 13, 12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1, 0));

    /// <summary>Takes in bytes, the last block padded with zeros.</summary>
    public Vector128<ulong> Update(Vector128<ulong> hash, ReadOnlySpan<byte> bytes)
    {
        ref var start = ref MemoryMarshal.GetReference(bytes);
        var at = 0;
        for (; bytes.Length - at >= Batch * BlockLength; at += Batch * BlockLength)
        {
            hash = UpdateBatch(hash, ref Unsafe.Add(ref start, at));
        }

        for (; bytes.Length - at >= BlockLength; at += BlockLength)
        {
            hash = UpdateBlock(hash, Vector128.LoadUnsafe(ref start, (nuint)at));
        }

        if (at < bytes.Length)
        {
            Span<byte> last = stackalloc byte[BlockLength];
            last.Clear();
            bytes[at..].CopyTo(last);
            hash = UpdateBlock(hash, Vector128.Create<byte>(last));
        }

        return hash;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Vector128<ulong> UpdateBlock(Vector128<ulong> hash, Vector128<byte> block) =>
        Multiply(hash ^ Reverse(block).AsUInt64(), _powers[Batch - 1]);

    /// <summary>Takes in eight blocks from memory.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Vector128<ulong> UpdateBatch(Vector128<ulong> hash, ref byte blocks)
    {
        ref var power = ref MemoryMarshal.GetArrayDataReference(_powers);
        var low = Vector128<ulong>.Zero;
        var middle = Vector128<ulong>.Zero;
        var high = Vector128<ulong>.Zero;
        for (var i = 0; i < Batch; i++)
        {
            var block = Reverse(Vector128.LoadUnsafe(ref blocks, (nuint)(i * BlockLength))).AsUInt64() ^ hash;
            hash = Vector128<ulong>.Zero;
            var h = Unsafe.Add(ref power, i);
            low ^= Pclmulqdq.CarrylessMultiply(block, h, 0x00);
            high ^= Pclmulqdq.CarrylessMultiply(block, h, 0x11);
            middle ^= Pclmulqdq.CarrylessMultiply(block, h, 0x01) ^ Pclmulqdq.CarrylessMultiply(block, h, 0x10);
        }

        return Reduce(low, middle, high);
    }

    public void Dispose() => CryptographicOperations.ZeroMemory(MemoryMarshal.AsBytes(_powers.AsSpan()));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<ulong> Multiply(Vector128<ulong> a, Vector128<ulong> b) => Reduce(
        Pclmulqdq.CarrylessMultiply(a, b, 0x00),
        Pclmulqdq.CarrylessMultiply(a, b, 0x01) ^ Pclmulqdq.CarrylessMultiply(a, b, 0x10),
        Pclmulqdq.CarrylessMultiply(a, b, 0x11));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<ulong> Reduce(Vector128<ulong> low, Vector128<ulong> middle, Vector128<ulong> high)
    {
        var lo = (low ^ Sse2.ShiftLeftLogical128BitLane(middle, 8)).AsUInt32();
        var hi = (high ^ Sse2.ShiftRightLogical128BitLane(middle, 8)).AsUInt32();

        // The 256-bit product one bit to the left, 32-bit lanes at a time.
        var loCarry = lo >>> 31;
        var hiCarry = hi >>> 31;
        lo = (lo << 1) | Sse2.ShiftLeftLogical128BitLane(loCarry, 4);
        hi = (hi << 1) | Sse2.ShiftLeftLogical128BitLane(hiCarry, 4) | Sse2.ShiftRightLogical128BitLane(loCarry, 12);

        // x^128 = x^7 + x^2 + x + 1, reflected: fold the low half into the high one.
        var fold = (lo << 31) ^ (lo << 30) ^ (lo << 25);
        lo ^= Sse2.ShiftLeftLogical128BitLane(fold, 12);
        return (hi ^ lo ^ (lo >>> 1) ^ (lo >>> 2) ^ (lo >>> 7) ^ Sse2.ShiftRightLogical128BitLane(fold, 4)).AsUInt64();
    }
}

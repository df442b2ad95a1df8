using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Security.Cryptography;
using AesNi = System.Runtime.Intrinsics.X86.Aes;

namespace P2PCam.WebRtc.Srtp.Ciphers;

/// <summary>
/// AES-GCM with the processor's AES and carry-less multiplication, eight blocks at a time: for packets of a kilobyte most of what the
/// platform's library costs is getting there. <see cref="PlatformGcm"/> is the twin that tests compare with, bit for bit.
/// </summary>
internal sealed class X86Gcm : Gcm
{
    private const int BlockLength = X86Ghash.BlockLength;
    private const int BatchLength = X86Ghash.Batch * BlockLength;
    private readonly X86AesKey _key;
    private readonly X86Ghash _ghash;

    public X86Gcm(ReadOnlySpan<byte> key)
    {
        _key = new X86AesKey(key);
        _ghash = new X86Ghash(_key.Encrypt(Vector128<byte>.Zero));
    }

    public override void Seal(
        ReadOnlySpan<byte> nonce, ReadOnlySpan<byte> associated, ReadOnlySpan<byte> source, Span<byte> destination, Span<byte> tag)
    {
        var counter = FirstCounter(nonce);
        var body = destination[..source.Length];
        var hash = _ghash.Update(Vector128<ulong>.Zero, associated);
        hash = Encrypt(counter, source, body, hash);
        Finish(counter, hash, associated.Length, body.Length).CopyTo(tag);
    }

    public override bool TryOpen(ReadOnlySpan<byte> nonce, ReadOnlySpan<byte> associated, Span<byte> body, ReadOnlySpan<byte> tag)
    {
        Span<byte> expected = stackalloc byte[TagLength];
        var counter = FirstCounter(nonce);
        var hash = _ghash.Update(_ghash.Update(Vector128<ulong>.Zero, associated), body);
        Finish(counter, hash, associated.Length, body.Length).CopyTo(expected);
        if (!CryptographicOperations.FixedTimeEquals(expected, tag))
        {
            return false;
        }

        Decrypt(counter, body);
        return true;
    }

    public override void Dispose()
    {
        _key.Dispose();
        _ghash.Dispose();
    }

    // The counter block byte-reversed, so that its 32-bit counter is the lowest lane; 1 is the tag's, the text begins at 2.
    private static Vector128<uint> FirstCounter(ReadOnlySpan<byte> nonce)
    {
        Span<byte> block = stackalloc byte[BlockLength];
        nonce[..12].CopyTo(block);
        BinaryPrimitives.WriteUInt32BigEndian(block[12..], 1);
        return X86Ghash.Reverse(Vector128.Create<byte>(block)).AsUInt32();
    }

    private Vector128<ulong> Encrypt(Vector128<uint> counter, ReadOnlySpan<byte> source, Span<byte> destination, Vector128<ulong> hash)
    {
        ref var from = ref MemoryMarshal.GetReference(source);
        ref var to = ref MemoryMarshal.GetReference(destination);
        var at = 0;
        for (; source.Length - at >= BatchLength; at += BatchLength)
        {
            ApplyBatch(ref counter, ref Unsafe.Add(ref from, at), ref Unsafe.Add(ref to, at));
            hash = _ghash.UpdateBatch(hash, ref Unsafe.Add(ref to, at));
        }

        Apply(counter, source[at..], destination[at..]);
        return _ghash.Update(hash, destination[at..]);
    }

    private void Decrypt(Vector128<uint> counter, Span<byte> body)
    {
        ref var start = ref MemoryMarshal.GetReference(body);
        var at = 0;
        for (; body.Length - at >= BatchLength; at += BatchLength)
        {
            ApplyBatch(ref counter, ref Unsafe.Add(ref start, at), ref Unsafe.Add(ref start, at));
        }

        Apply(counter, body[at..], body[at..]);
    }

    private Vector128<byte> Finish(Vector128<uint> counter, Vector128<ulong> hash, int associatedLength, int length)
    {
        var lengths = Vector128.Create((ulong)length * 8, (ulong)associatedLength * 8);
        hash = _ghash.UpdateBlock(hash, X86Ghash.Reverse(lengths.AsByte()));
        return X86Ghash.Reverse(hash.AsByte()) ^ _key.Encrypt(X86Ghash.Reverse(counter.AsByte()));
    }

    // Less than a batch: block by block, the last one in part.
    private void Apply(Vector128<uint> counter, ReadOnlySpan<byte> source, Span<byte> destination)
    {
        Span<byte> keystream = stackalloc byte[BlockLength];
        while (!source.IsEmpty)
        {
            counter += Vector128.CreateScalar(1u);
            var block = _key.Encrypt(X86Ghash.Reverse(counter.AsByte()));
            if (source.Length < BlockLength)
            {
                block.CopyTo(keystream);
                for (var i = 0; i < source.Length; i++)
                {
                    destination[i] = (byte)(source[i] ^ keystream[i]);
                }

                return;
            }

            (Vector128.Create(source) ^ block).CopyTo(destination);
            source = source[BlockLength..];
            destination = destination[BlockLength..];
        }
    }

    private void ApplyBatch(ref Vector128<uint> counter, ref byte from, ref byte to)
    {
        var one = Vector128.CreateScalar(1u);
        var rounds = _key.Rounds;
        var key = rounds[0];
        var c = counter;
        var b0 = X86Ghash.Reverse((c += one).AsByte()) ^ key;
        var b1 = X86Ghash.Reverse((c += one).AsByte()) ^ key;
        var b2 = X86Ghash.Reverse((c += one).AsByte()) ^ key;
        var b3 = X86Ghash.Reverse((c += one).AsByte()) ^ key;
        var b4 = X86Ghash.Reverse((c += one).AsByte()) ^ key;
        var b5 = X86Ghash.Reverse((c += one).AsByte()) ^ key;
        var b6 = X86Ghash.Reverse((c += one).AsByte()) ^ key;
        var b7 = X86Ghash.Reverse((c += one).AsByte()) ^ key;
        counter = c;
        for (var i = 1; i < rounds.Length - 1; i++)
        {
            key = rounds[i];
            b0 = AesNi.Encrypt(b0, key);
            b1 = AesNi.Encrypt(b1, key);
            b2 = AesNi.Encrypt(b2, key);
            b3 = AesNi.Encrypt(b3, key);
            b4 = AesNi.Encrypt(b4, key);
            b5 = AesNi.Encrypt(b5, key);
            b6 = AesNi.Encrypt(b6, key);
            b7 = AesNi.Encrypt(b7, key);
        }

        key = rounds[^1];
        Store(ref from, ref to, 0, AesNi.EncryptLast(b0, key));
        Store(ref from, ref to, 1, AesNi.EncryptLast(b1, key));
        Store(ref from, ref to, 2, AesNi.EncryptLast(b2, key));
        Store(ref from, ref to, 3, AesNi.EncryptLast(b3, key));
        Store(ref from, ref to, 4, AesNi.EncryptLast(b4, key));
        Store(ref from, ref to, 5, AesNi.EncryptLast(b5, key));
        Store(ref from, ref to, 6, AesNi.EncryptLast(b6, key));
        Store(ref from, ref to, 7, AesNi.EncryptLast(b7, key));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store(ref byte from, ref byte to, int block, Vector128<byte> keystream)
    {
        var at = (nuint)(block * BlockLength);
        (Vector128.LoadUnsafe(ref from, at) ^ keystream).StoreUnsafe(ref to, at);
    }
}

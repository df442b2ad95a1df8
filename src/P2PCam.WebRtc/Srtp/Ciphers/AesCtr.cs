using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace P2PCam.WebRtc.Srtp.Ciphers;

/// <summary>
/// AES in counter mode for SRTP (RFC 3711 section 4.1.1): a 112-bit start value and a 16-bit block counter. The counter blocks of a
/// batch are encrypted by one ECB call; the transform and its arrays live as long as the key, so a packet allocates nothing.
/// </summary>
internal sealed class AesCtr : IDisposable
{
    public const int PrefixLength = 14;
    private const int BlockLength = 16;
    private const int BatchLength = 96 * BlockLength;
    private readonly Aes _aes;
    private readonly ICryptoTransform _encryptor;
    private readonly byte[] _counters = new byte[BatchLength];
    private readonly byte[] _keystream = new byte[BatchLength];

    public AesCtr(ReadOnlySpan<byte> key)
    {
        _aes = Aes.Create();
        _aes.SetKey(key);
        _aes.Mode = CipherMode.ECB;
        _aes.Padding = PaddingMode.None;
        _encryptor = _aes.CreateEncryptor();
    }

    /// <summary>Writes source XOR keystream; both may be the same memory. At most 2^16 blocks, which no datagram reaches.</summary>
    public void Apply(ReadOnlySpan<byte> prefix, ReadOnlySpan<byte> source, Span<byte> destination)
    {
        var block = 0;
        while (!source.IsEmpty)
        {
            var take = Math.Min(source.Length, BatchLength);
            var batch = (take + BlockLength - 1) / BlockLength * BlockLength;
            for (var at = 0; at < batch; at += BlockLength)
            {
                prefix.CopyTo(_counters.AsSpan(at));
                BinaryPrimitives.WriteUInt16BigEndian(_counters.AsSpan(at + PrefixLength), (ushort)block++);
            }

            _encryptor.TransformBlock(_counters, 0, batch, _keystream, 0);
            Xor(source[..take], _keystream, destination);
            source = source[take..];
            destination = destination[take..];
        }
    }

    public void Dispose()
    {
        _encryptor.Dispose();
        _aes.Dispose();
        CryptographicOperations.ZeroMemory(_keystream);
    }

    private static void Xor(ReadOnlySpan<byte> source, ReadOnlySpan<byte> keystream, Span<byte> destination)
    {
        var words = source.Length / sizeof(ulong);
        var from = MemoryMarshal.Cast<byte, ulong>(source);
        var stream = MemoryMarshal.Cast<byte, ulong>(keystream);
        var to = MemoryMarshal.Cast<byte, ulong>(destination);
        for (var i = 0; i < words; i++)
        {
            to[i] = from[i] ^ stream[i];
        }

        for (var i = words * sizeof(ulong); i < source.Length; i++)
        {
            destination[i] = (byte)(source[i] ^ keystream[i]);
        }
    }
}

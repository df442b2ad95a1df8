using System.Buffers.Binary;
using System.Security.Cryptography;
using BenchmarkDotNet.Attributes;
using P2PCam.WebRtc.Srtp;

namespace P2PCam.Benchmarks;

/// <summary>
/// Encrypting one packet of 1,100 bytes in each SRTP profile, with all that SRTP does around it (index, replay history, nonce); beside
/// the platform's AES-GCM, which does the bare encryption of the same bytes.
/// </summary>
[MemoryDiagnoser]
public class ProtectBenchmarks
{
    private const int HeaderBytes = 12;
    private const int PayloadBytes = 1_100;
    private const int TagBytes = 16;
    private readonly byte[] _payload = new byte[PayloadBytes];
    private readonly byte[] _packet = new byte[HeaderBytes + PayloadBytes + TagBytes];
    private readonly byte[] _nonce = new byte[12];
    private readonly AesGcm _platform = new(new byte[16], TagBytes);
    private readonly SrtpContext _cm = Create(SrtpProfile.Aes128CmHmacSha1_80);
    private readonly SrtpContext _gcm128 = Create(SrtpProfile.AeadAes128Gcm);
    private readonly SrtpContext _gcm256 = Create(SrtpProfile.AeadAes256Gcm);
    private ushort _sequenceNumber;

    [GlobalSetup]
    public void Setup()
    {
        new Random(1).NextBytes(_payload);
        (_packet[0], _packet[1]) = (0x80, 96);
    }

    [GlobalCleanup]
    public void Cleanup()
    {
        _platform.Dispose();
        _cm.Dispose();
        _gcm128.Dispose();
        _gcm256.Dispose();
    }

    [Benchmark(Baseline = true)]
    public void PlatformAesGcm128()
    {
        BinaryPrimitives.WriteUInt16BigEndian(_nonce, ++_sequenceNumber);
        _platform.Encrypt(_nonce, _payload, _packet.AsSpan(HeaderBytes, PayloadBytes), _packet.AsSpan(HeaderBytes + PayloadBytes), _packet.AsSpan(0, HeaderBytes));
    }

    [Benchmark]
    public int AeadAes128Gcm() => Protect(_gcm128);

    [Benchmark]
    public int AeadAes256Gcm() => Protect(_gcm256);

    [Benchmark]
    public int Aes128CmHmacSha1() => Protect(_cm);

    private static SrtpContext Create(SrtpProfile profile) => SrtpContext.Create(profile, new byte[profile.KeyLength()], new byte[profile.SaltLength()]);

    private int Protect(SrtpContext context)
    {
        BinaryPrimitives.WriteUInt16BigEndian(_packet.AsSpan(2), ++_sequenceNumber);
        return context.ProtectRtp(_packet, HeaderBytes, _payload);
    }
}

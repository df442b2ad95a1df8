using System.Text;
using System.Text.Json;
using P2PCam.TestKit;
using P2PCam.WebRtc.Stun;
using P2PCam.WebRtc.Wire;

namespace P2PCam.WebRtc.Tests.Stun;

/// <summary>The test vectors of RFC 5769.</summary>
public sealed class Rfc5769Tests
{
    private static readonly byte[] Key = StunIntegrity.ShortTermKey("VOkJxbRl1RmTxUk/WvJxBt");

    [VectorsFact]
    public void Every_vector_parses_with_its_attributes_integrity_and_fingerprint()
    {
        using var file = Load();
        var count = 0;
        foreach (var vector in file.RootElement.GetProperty("vectors").EnumerateArray())
        {
            var bytes = Bytes(vector);
            Assert.True(StunMessage.TryParse(bytes, out var message));
            var types = new List<string>();
            foreach (var attribute in message)
            {
                types.Add(((ushort)attribute.Type).ToString("x4"));
            }

            Assert.Equal(vector.GetProperty("attrs").EnumerateArray().Select(a => a.GetString()!), types);
            var longTerm = file.RootElement.GetProperty("longTerm");
            var key = vector.GetProperty("password").GetString() is { } password
                ? StunIntegrity.ShortTermKey(password)
                : StunIntegrity.LongTermKey(Text(longTerm, "username"), Text(longTerm, "realm"), Text(longTerm, "password"));
            Assert.True(message.VerifyIntegrity(key));
            key[0] ^= 1;
            Assert.False(message.VerifyIntegrity(key));
            Assert.Equal(vector.GetProperty("fingerprintOk").ValueKind == JsonValueKind.True, message.VerifyFingerprint());
            count++;
        }

        Assert.Equal(4, count);
    }

    [VectorsFact]
    public void The_request_reads_as_the_RFC_describes_it()
    {
        using var file = Load();
        Assert.True(StunMessage.TryParse(Find(file, "2.1"), out var message));

        Assert.Equal((StunClass.Request, StunMethod.Binding), (message.Class, message.Method));
        Assert.True(message.TryGet(StunAttributeType.Software, out var software));
        Assert.Equal("STUN test client", Encoding.UTF8.GetString(software));
        Assert.True(message.TryGetUInt32(StunAttributeType.Priority, out var priority));
        Assert.Equal(0x6E0001FFu, priority);
        Assert.True(message.TryGetUInt64(StunAttributeType.IceControlled, out var tieBreaker));
        Assert.Equal(0x932FF9B151263B36ul, tieBreaker);
        Assert.True(message.TryGetLocalUfrag(out var ufrag));
        Assert.Equal("evtj", Encoding.ASCII.GetString(ufrag));
        Assert.False(message.Has(StunAttributeType.UseCandidate));
        Assert.Equal(0, message.GetUnknownRequired(stackalloc StunAttributeType[4]));
    }

    [VectorsTheory]
    [InlineData("2.2", "192.0.2.1")]
    [InlineData("2.3", "2001:db8:1234:5678:11:2233:4455:6677")]
    public void The_responses_name_the_mapped_address(string section, string expected)
    {
        using var file = Load();
        Assert.True(StunMessage.TryParse(Find(file, section), out var message));

        Assert.True(message.TryGetXorAddress(StunAttributeType.XorMappedAddress, out var address));
        Assert.Equal(TransportAddress.From(System.Net.IPAddress.Parse(expected), 32853), address);
    }

    /// <summary>
    /// RFC 5769 section 2.2 pads SOFTWARE with a space instead of zero, which integrity covers; apart from that byte the writer agrees.
    /// </summary>
    [VectorsFact]
    public void The_writer_rebuilds_the_IPv4_response()
    {
        using var file = Load();
        var expected = Find(file, "2.2");
        var buffer = new byte[200];
        Array.Fill(buffer, (byte)0xEE);
        var writer = new StunWriter(buffer, StunClass.SuccessResponse, StunMethod.Binding, StunTransactionId.Read(expected.AsSpan(8)));
        writer.AddText(StunAttributeType.Software, "test vector");
        buffer[writer.Length - 1] = 0x20;
        writer.AddXorAddress(StunAttributeType.XorMappedAddress, TransportAddress.FromIPv4(0xC0000201, 32853));
        writer.AddMessageIntegrity(Key);
        writer.AddFingerprint();

        Assert.Equal(expected, buffer[..writer.Length]);
    }

    [VectorsFact]
    public void Every_flipped_bit_before_the_fingerprint_is_noticed()
    {
        using var file = Load();
        var original = Find(file, "2.1");
        for (var bit = 0; bit < original.Length * 8; bit++)
        {
            var bytes = (byte[])original.Clone();
            bytes[bit / 8] ^= (byte)(1 << (bit % 8));

            var accepted = StunMessage.TryParse(bytes, out var message) && message.VerifyIntegrity(Key) && message.VerifyFingerprint();
            Assert.False(accepted, $"bit {bit}");
        }
    }

    private static JsonDocument Load() => JsonDocument.Parse(File.ReadAllBytes(Path.Combine(Repository.Vectors!, "rfc", "rfc5769.json")));

    private static byte[] Find(JsonDocument file, string section) =>
        Bytes(file.RootElement.GetProperty("vectors").EnumerateArray().Single(v => Text(v, "name").Contains($" {section} ")));

    private static byte[] Bytes(JsonElement vector) => Convert.FromHexString(Text(vector, "hex"));

    private static string Text(JsonElement element, string name) => element.GetProperty(name).GetString()!;
}

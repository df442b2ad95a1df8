using System.Buffers.Binary;
using P2PCam.TestKit.Measuring;
using P2PCam.WebRtc.Stun;
using P2PCam.WebRtc.Wire;

namespace P2PCam.WebRtc.Tests.Stun;

public sealed class StunMessageTests
{
    private static readonly StunTransactionId Id = new(0x0102030405060708, 0x090A0B0C);
    private static readonly byte[] Key = "0123456789012345678901"u8.ToArray();

    [Fact]
    public void Types_round_trip_for_every_class_and_method()
    {
        for (var method = 0; method < 0x1000; method++)
        {
            for (var messageClass = 0; messageClass < 4; messageClass++)
            {
                var type = StunMessageType.Encode((StunClass)messageClass, (StunMethod)method);
                Assert.Equal(0, type & 0xC000);
                Assert.Equal((messageClass, method), ((int)StunMessageType.ClassOf(type), (int)StunMessageType.MethodOf(type)));
            }
        }

        Assert.Equal(0x0101, StunMessageType.Encode(StunClass.SuccessResponse, StunMethod.Binding));
        Assert.Equal(0x0113, StunMessageType.Encode(StunClass.ErrorResponse, StunMethod.Allocate));
    }

    /// <summary>Lengths near 2^16, where 16-bit sums wrap to small values (security.md).</summary>
    [Theory]
    [InlineData(65520)]
    [InlineData(65524)]
    [InlineData(65528)]
    [InlineData(65532)]
    public void TryParse_lengths_near_the_wrap_are_taken_literally(int length)
    {
        var bytes = new byte[StunMessage.HeaderSize + length];
        new StunWriter(bytes, StunClass.Request, StunMethod.Binding, Id).AddFlag(StunAttributeType.UseCandidate);
        BinaryPrimitives.WriteUInt16BigEndian(bytes.AsSpan(2), (ushort)length);
        var last = bytes.AsSpan(24);
        BinaryPrimitives.WriteUInt16BigEndian(last, (ushort)StunAttributeType.Software);
        BinaryPrimitives.WriteUInt16BigEndian(last[2..], (ushort)(length - 8));
        Assert.True(StunMessage.TryParse(bytes, out var message));
        Assert.True(message.TryGet(StunAttributeType.Software, out var value));
        Assert.Equal(length - 8, value.Length);
        Assert.False(message.VerifyIntegrity(Key));

        // The same header before a short body, and an attribute that claims that length in a short message.
        Assert.False(StunMessage.TryParse(bytes.AsSpan(0, 100), out _));
        BinaryPrimitives.WriteUInt16BigEndian(last[2..], (ushort)length);
        Assert.False(StunMessage.TryParse(bytes, out _));
        var small = bytes.AsSpan(0, 28);
        BinaryPrimitives.WriteUInt16BigEndian(small[2..], 8);
        BinaryPrimitives.WriteUInt16BigEndian(small[26..], (ushort)(length + 3));
        Assert.False(StunMessage.TryParse(small, out _));
    }

    [Fact]
    public void TryParse_64_KB_of_empty_attributes_with_integrity_is_verified_without_the_stack()
    {
        var bytes = new byte[StunMessage.HeaderSize + 65532];
        var writer = new StunWriter(bytes, StunClass.Request, StunMethod.Binding, Id);
        while (writer.Length < bytes.Length - 32)
        {
            writer.AddFlag(StunAttributeType.UseCandidate);
        }

        writer.AddMessageIntegrity(Key);
        writer.AddFingerprint();

        Assert.Equal(bytes.Length, writer.Length);
        Assert.True(StunMessage.TryParse(bytes, out var message));
        Assert.True(message.VerifyIntegrity(Key));
        Assert.True(message.VerifyFingerprint());
    }

    [Fact]
    public void Attributes_behind_the_integrity_are_not_seen()
    {
        var buffer = new byte[200];
        var writer = new StunWriter(buffer, StunClass.Request, StunMethod.Binding, Id);
        writer.AddText(StunAttributeType.Username, "ours:theirs");
        writer.AddMessageIntegrity(Key);
        writer.AddFlag(StunAttributeType.UseCandidate);
        writer.Add((StunAttributeType)0x7777, [1, 2, 3]);
        writer.AddFingerprint();

        Assert.True(StunMessage.TryParse(buffer.AsSpan(0, writer.Length), out var message));
        Assert.True(message.VerifyIntegrity(Key));
        Assert.True(message.VerifyFingerprint());
        Assert.False(message.Has(StunAttributeType.UseCandidate));
        Assert.Equal(0, message.GetUnknownRequired(stackalloc StunAttributeType[4]));
        Assert.True(message.TryGetLocalUfrag(out var ufrag));
        Assert.True(ufrag.SequenceEqual("ours"u8));
    }

    [Fact]
    public void TryParse_anything_behind_the_fingerprint_is_refused()
    {
        var buffer = new byte[200];
        var writer = new StunWriter(buffer, StunClass.Request, StunMethod.Binding, Id);
        writer.AddFingerprint();
        Assert.True(StunMessage.TryParse(buffer.AsSpan(0, writer.Length), out _));
        writer.AddFlag(StunAttributeType.UseCandidate);
        Assert.False(StunMessage.TryParse(buffer.AsSpan(0, writer.Length), out _));
    }

    [Fact]
    public void Every_type_below_0x8000_that_has_no_name_is_unknown()
    {
        var buffer = new byte[64];
        Span<StunAttributeType> unknown = stackalloc StunAttributeType[1];
        for (var type = 1; type < 0xFFFF; type++)
        {
            if ((StunAttributeType)type is StunAttributeType.MessageIntegrity or StunAttributeType.Fingerprint)
            {
                continue;
            }

            var writer = new StunWriter(buffer, StunClass.Request, StunMethod.Binding, Id);
            writer.AddFlag((StunAttributeType)type);
            Assert.True(StunMessage.TryParse(buffer.AsSpan(0, writer.Length), out var message));
            Assert.Equal(type < 0x8000 && !Enum.IsDefined((StunAttributeType)type), message.GetUnknownRequired(unknown) == 1);
        }
    }

    // What the runtime knows of an enum goes with the garbage: asking it cost 288 bytes after each collection.
    [Fact]
    public void Looking_for_unknown_attributes_allocates_nothing_after_a_collection_of_garbage()
    {
        var buffer = new byte[200];
        var writer = new StunWriter(buffer, StunClass.Request, StunMethod.Binding, Id);
        writer.AddText(StunAttributeType.Username, "ours:theirs");
        Assert.True(StunMessage.TryParse(buffer.AsSpan(0, writer.Length), out var message));
        Span<StunAttributeType> unknown = stackalloc StunAttributeType[1];
        message.GetUnknownRequired(unknown);
        for (var i = 0; i < 4; i++)
        {
            GC.Collect();
            var before = GC.GetAllocatedBytesForCurrentThread();
            message.GetUnknownRequired(unknown);
            Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());
        }
    }

    [Fact]
    public void Unknown_required_attributes_are_listed_and_optional_ones_are_not()
    {
        var buffer = new byte[400];
        var writer = new StunWriter(buffer, StunClass.Request, StunMethod.Binding, Id);
        writer.AddUInt32(StunAttributeType.NetworkCost, 5);
        writer.AddUInt32((StunAttributeType)0xC001, 5);
        for (ushort type = 0x7001; type <= 0x7009; type++)
        {
            writer.AddUInt32((StunAttributeType)type, type);
        }

        Assert.True(StunMessage.TryParse(buffer.AsSpan(0, writer.Length), out var message));
        Span<StunAttributeType> unknown = stackalloc StunAttributeType[16];
        Assert.Equal(4, message.GetUnknownRequired(unknown));
        Assert.Equal((StunAttributeType)0x7001, unknown[0]);
    }

    [Theory]
    [InlineData("abcd:wxyz", "abcd")]
    [InlineData("abcd", null)]
    [InlineData(":abcd", null)]
    [InlineData("", null)]
    public void TryReadLocalUfrag_takes_what_stands_before_the_colon(string username, string? expected)
    {
        var buffer = new byte[100];
        var writer = new StunWriter(buffer, StunClass.Request, StunMethod.Binding, Id);
        writer.AddText(StunAttributeType.Username, username);

        var found = StunMessage.TryReadLocalUfrag(buffer.AsSpan(0, writer.Length), out var ufrag);

        Assert.Equal(expected, found ? System.Text.Encoding.ASCII.GetString(ufrag) : null);
        buffer[0] = 0x01;
        Assert.False(StunMessage.TryReadLocalUfrag(buffer.AsSpan(0, writer.Length), out _));
    }

    [Theory]
    [InlineData(0x05, 99, true)]
    [InlineData(0x04, 87, true)]
    [InlineData(0x02, 0, false)]
    [InlineData(0x04, 100, false)]
    [InlineData(0x07, 0, false)]
    public void TryGetErrorCode_takes_300_to_699(byte hundreds, byte number, bool valid)
    {
        var buffer = new byte[100];
        var writer = new StunWriter(buffer, StunClass.ErrorResponse, StunMethod.Binding, Id);
        writer.Add(StunAttributeType.ErrorCode, [0, 0, hundreds, number]);

        Assert.True(StunMessage.TryParse(buffer.AsSpan(0, writer.Length), out var message));
        Assert.Equal(valid, message.TryGetErrorCode(out var code));
        Assert.True(!valid || code == hundreds * 100 + number);
    }

    [Fact]
    public void XOR_addresses_round_trip_for_random_addresses_of_both_families()
    {
        var random = new Random(1);
        Span<byte> bytes = stackalloc byte[16];
        for (var round = 0; round < 1000; round++)
        {
            random.NextBytes(bytes);
            bytes[0] = 0x20;
            var id = new StunTransactionId((ulong)random.NextInt64(), (uint)random.Next());
            var port = (ushort)random.Next(65536);
            var address = round % 2 == 0
                ? TransportAddress.FromIPv4(BinaryPrimitives.ReadUInt32BigEndian(bytes), port)
                : new TransportAddress(BinaryPrimitives.ReadUInt128BigEndian(bytes), port);
            var buffer = new byte[100];
            var writer = new StunWriter(buffer, StunClass.SuccessResponse, StunMethod.Binding, id);
            writer.AddXorAddress(StunAttributeType.XorMappedAddress, address);

            Assert.True(StunMessage.TryParse(buffer.AsSpan(0, writer.Length), out var message));
            Assert.True(message.TryGetXorAddress(StunAttributeType.XorMappedAddress, out var read));
            Assert.Equal(address, read);
        }
    }

    [Fact]
    public void Padding_is_zero_even_in_a_dirty_buffer()
    {
        for (var length = 0; length < 9; length++)
        {
            var buffer = new byte[64];
            Array.Fill(buffer, (byte)0xEE);
            var writer = new StunWriter(buffer, StunClass.Request, StunMethod.Binding, Id);
            writer.Add(StunAttributeType.Username, new byte[length].AsSpan());
            Assert.Equal(0, writer.Length % 4);
            Assert.DoesNotContain((byte)0xEE, buffer[24..writer.Length]);
        }
    }

    [Fact]
    public void Writer_names_the_sizes_when_the_buffer_is_too_small()
    {
        var error = Assert.Throws<ArgumentException>(() =>
        {
            var writer = new StunWriter(new byte[30], StunClass.Request, StunMethod.Binding, Id);
            writer.AddUInt64(StunAttributeType.IceControlled, 1);
        });
        Assert.Contains("32", error.Message);
        Assert.Contains("30", error.Message);
    }

    [Fact]
    public void Parsing_and_verifying_a_check_allocates_nothing()
    {
        var buffer = new byte[200];
        var writer = new StunWriter(buffer, StunClass.Request, StunMethod.Binding, Id);
        writer.AddText(StunAttributeType.Username, "ours:theirs");
        writer.AddMessageIntegrity(Key);
        writer.AddFingerprint();
        var length = writer.Length;
        var (calls, good) = (0, 0);
        var allocated = SteadyState.LeastAllocated(100, () =>
        {
            calls++;
            good += Check(buffer.AsSpan(0, length));
        });
        Assert.Equal(0, allocated);
        Assert.Equal(calls, good);

        static int Check(ReadOnlySpan<byte> datagram) => StunMessage.TryParse(datagram, out var message) && message.VerifyIntegrity(Key)
            && message.VerifyFingerprint() && message.GetUnknownRequired(stackalloc StunAttributeType[1]) == 0 ? 1 : 0;
    }
}

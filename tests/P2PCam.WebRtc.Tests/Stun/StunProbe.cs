using P2PCam.WebRtc.Stun;

namespace P2PCam.WebRtc.Tests.Stun;

/// <summary>Does with a datagram whatever the engine could do, so that anything that throws or leaves the message shows.</summary>
internal static class StunProbe
{
    public static bool Use(ReadOnlySpan<byte> datagram)
    {
        if (!StunMessage.TryParse(datagram, out var message))
        {
            return false;
        }

        var total = StunMessage.HeaderSize;
        foreach (var attribute in message)
        {
            total += 4 + attribute.Value.Length;
            Assert.True(message.TryGet(attribute.Type, out var first) && first.Length <= datagram.Length);
        }

        Assert.InRange(total, StunMessage.HeaderSize, datagram.Length);
        message.VerifyIntegrity("VOkJxbRl1RmTxUk/WvJxBt"u8);
        message.VerifyFingerprint();
        message.TryGetLocalUfrag(out _);
        message.TryGetUInt32(StunAttributeType.Priority, out _);
        message.TryGetUInt64(StunAttributeType.IceControlled, out _);
        message.TryGetXorAddress(StunAttributeType.XorMappedAddress, out _);
        message.TryGetMappedAddress(out _);
        message.TryGetErrorCode(out _);
        message.GetUnknownRequired(stackalloc StunAttributeType[8]);
        return true;
    }
}

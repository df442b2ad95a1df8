using P2PCam.WebRtc.Rtp;
using P2PCam.WebRtc.Rtp.Payloads;

namespace P2PCam.WebRtc.Tests.Rtp;

/// <summary>Makes RTP packets of frames or payloads, as one sender would.</summary>
internal sealed class RtpStream(byte payloadType, uint ssrc = 0x77)
{
    public ushort SequenceNumber { get; set; } = 65_530;

    public uint Timestamp { get; set; }

    public List<byte[]> ToPackets(PacketizedFrame frame)
    {
        var payloads = Enumerable.Range(0, frame.PacketCount).Select(i => frame.GetPayload(i).ToArray()).ToArray();
        frame.Release();
        return ToPackets(payloads);
    }

    /// <summary>The payloads of one frame, the marker on the last.</summary>
    public List<byte[]> ToPackets(params byte[][] payloads)
    {
        var packets = payloads.Select((payload, i) => ToPacket(payload, i == payloads.Length - 1)).ToList();
        Timestamp += 3000;
        return packets;
    }

    public byte[] ToPacket(byte[] payload, bool marker)
    {
        var packet = new byte[RtpHeader.FixedLength + payload.Length];
        new RtpHeader(payloadType, marker, SequenceNumber++, Timestamp, ssrc).Write(packet);
        payload.CopyTo(packet, RtpHeader.FixedLength);
        return packet;
    }
}

namespace P2PCam.WebRtc.Sending;

/// <summary>What one sender has done; read by its owning loop.</summary>
internal sealed class SenderCounters
{
    public long FramesSent { get; set; }

    public long FramesDropped { get; set; }

    public long PacketsSent { get; private set; }

    public long PacketsResent { get; set; }

    public long NackedPackets { get; set; }

    public long BytesSent { get; private set; }

    public void CountPacket(int packetLength)
    {
        PacketsSent++;
        BytesSent += packetLength;
    }
}

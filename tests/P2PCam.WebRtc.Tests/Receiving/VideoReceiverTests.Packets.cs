using System.Buffers;
using P2PCam.WebRtc.Rtcp;
using P2PCam.WebRtc.Rtp;
using P2PCam.WebRtc.Rtp.Payloads;

namespace P2PCam.WebRtc.Tests.Receiving;

/// <summary>How the tests make packets and read what goes back.</summary>
public sealed partial class VideoReceiverTests
{
    private static byte[] Content(int size, bool isKeyFrame, byte marker)
    {
        var content = new byte[size];
        Array.Fill(content, marker);
        content[0] = (byte)(isKeyFrame ? 0 : 1);
        return content;
    }

    private List<byte[]> ToPackets(byte[] content)
    {
        var frame = _packetizer.Packetize(content, new Vp8FrameInfo((content[0] & 1) == 0, _timestamp, _now));
        _timestamp += 3000;
        var packets = new List<byte[]>();
        for (var i = 0; i < frame.PacketCount; i++)
        {
            var payload = frame.GetPayload(i);
            var packet = new byte[RtpHeader.FixedLength + payload.Length];
            new RtpHeader(96, i == frame.PacketCount - 1, _sequenceNumber++, frame.RtpTimestamp, _ssrc).Write(packet);
            payload.CopyTo(packet.AsSpan(RtpHeader.FixedLength));
            packets.Add(packet);
        }

        frame.Release();
        return packets;
    }

    // A packet with nothing but padding, as senders use to probe.
    private void SendPadding()
    {
        var packet = new byte[RtpHeader.FixedLength + 50];
        new RtpHeader(96, false, _sequenceNumber++, _timestamp - 3000, _ssrc).Write(packet);
        packet[0] |= 0x20;
        packet[^1] = 50;
        _receiver.HandleRtp(_now, packet);
    }

    private void SendWhole(byte[] content) => ToPackets(content).ForEach(packet => _receiver.HandleRtp(_now, packet));

    private static byte[] Rtx(byte[] original, ushort sequenceNumber)
    {
        Assert.True(RtpPacketView.TryParse(original, out var view));
        var packet = new byte[original.Length + 2];
        new RtpHeader(97, view.Marker, 1, view.Timestamp, 0x88).Write(packet);
        RtxPayload.Wrap(view.Payload, sequenceNumber, packet.AsSpan(RtpHeader.FixedLength));
        return packet;
    }

    private List<byte[]> TakeFrames()
    {
        var frames = new List<byte[]>();
        while (_receiver.PollFrame(out var frame))
        {
            frames.Add(frame.Data.ToArray());
            ArrayPool<byte>.Shared.Return(frame.Buffer);
        }

        return frames;
    }

    private ReadOnlySpan<byte> Feedback() => _receiver.PollFeedback(_now, TimeSpan.FromMilliseconds(50), _feedback, out var length) ? _feedback.AsSpan(0, length) : [];

    private static List<ushort> NackedIn(ReadOnlySpan<byte> rtcp)
    {
        var lost = new List<ushort>();
        var reader = new RtcpCompoundReader(rtcp);
        while (reader.MoveNext())
        {
            if (GenericNack.TryParse(reader.Current, out var nack))
            {
                foreach (var sequenceNumber in nack)
                {
                    lost.Add(sequenceNumber);
                }
            }
        }

        return lost;
    }

    private static bool AsksForKeyFrame(ReadOnlySpan<byte> rtcp)
    {
        var reader = new RtcpCompoundReader(rtcp);
        while (reader.MoveNext())
        {
            if (reader.Current.Kind == RtcpPacketKind.PictureLossIndication)
            {
                return true;
            }
        }

        return false;
    }
}

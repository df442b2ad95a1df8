using P2PCam.TestKit;
using P2PCam.WebRtc.Rtp;
using P2PCam.WebRtc.Rtp.Payloads;

namespace P2PCam.WebRtc.Tests.Rtp;

public class Vp8PayloadDescriptorTests
{
    [Theory]
    [InlineData("10AA", 1, true, 0, false, -1, -1, -1, -1)]
    [InlineData("27AA", 1, false, 7, true, -1, -1, -1, -1)]
    [InlineData("908081AA", 0, false, 0, false, 0, 0, 0, 0, false)] // M promises a second byte, then no data is left
    [InlineData("908081FFAA", 4, true, 0, false, 0x1FF, -1, -1, -1)]
    [InlineData("90807FAA", 3, true, 0, false, 0x7F, -1, -1, -1)]
    [InlineData("9040C8AA", 3, true, 0, false, -1, 200, -1, -1)]
    [InlineData("9020A0AA", 3, true, 0, false, -1, -1, 2, -1)]
    [InlineData("90101FAA", 3, true, 0, false, -1, -1, -1, 31)]
    [InlineData("90F0FFFFC8BFAA", 6, true, 0, false, 0x7FFF, 200, 2, 31)]
    [InlineData("", 0, false, 0, false, 0, 0, 0, 0, false)]
    [InlineData("10", 0, false, 0, false, 0, 0, 0, 0, false)]
    [InlineData("90", 0, false, 0, false, 0, 0, 0, 0, false)]
    [InlineData("90F0FFFFC8BF", 0, false, 0, false, 0, 0, 0, 0, false)]
    public void TryParse_FieldsOfRfc7741_AreReadOrRefused(
        string hex,
        int length,
        bool start,
        int partition,
        bool nonReference,
        int picture,
        int tl0,
        int temporal,
        int key,
        bool valid = true)
    {
        var parsed = Vp8PayloadDescriptor.TryParse(Convert.FromHexString(hex), out var descriptor, out var data);
        Assert.Equal(valid, parsed);
        if (valid)
        {
            Assert.Equal(
                (length, start, partition, nonReference),
                (descriptor.Length, descriptor.IsPartitionStart, descriptor.PartitionIndex, descriptor.IsNonReference));
            Assert.Equal(
                (picture, tl0, temporal, key),
                (descriptor.PictureId, descriptor.Tl0PictureIndex, descriptor.TemporalId, descriptor.KeyIndex));
            Assert.Equal("AA", Convert.ToHexString(data));
        }
    }

    [Fact]
    public void TryParse_WhatWriteWrote_IsTheSame()
    {
        Span<byte> buffer = stackalloc byte[Vp8PayloadDescriptor.MaxLength + 1];
        foreach (var (picture, tl0, temporal, key) in from picture in (int[])[-1, 0, 127, 128, 32767]
                                                      from tl0 in (int[])[-1, 0, 255]
                                                      from temporal in (int[])[-1, 0, 3]
                                                      from key in (int[])[-1, 0, 31]
                                                      select (picture, tl0, temporal, key))
        {
            var written = new Vp8PayloadDescriptor
            {
                PictureId = picture,
                Tl0PictureIndex = tl0,
                TemporalId = temporal,
                KeyIndex = key,
                IsNonReference = true,
            };
            var length = written.Write(buffer);
            Assert.True(Vp8PayloadDescriptor.TryParse(buffer[..(length + 1)], out var read, out _));
            Assert.Equal(
                (picture, tl0, temporal, key, true, length),
                (read.PictureId, read.Tl0PictureIndex, read.TemporalId, read.KeyIndex, read.IsNonReference, read.Length));
            Assert.False(Vp8PayloadDescriptor.TryParse(buffer[..length], out _, out _));
        }
    }

    [Fact]
    public void TryParse_AllTwoByteStartsAtAllLengths_StaysInBounds()
    {
        var buffer = new byte[8];
        for (var bits = 0; bits < 0x10000; bits++)
        {
            (buffer[0], buffer[1], buffer[2]) = ((byte)(bits >> 8), (byte)bits, (byte)bits);
            for (var length = 0; length <= buffer.Length; length++)
            {
                if (Vp8PayloadDescriptor.TryParse(buffer.AsSpan(0, length), out var descriptor, out var data))
                {
                    Assert.Equal(length, descriptor.Length + data.Length);
                    Assert.False(data.IsEmpty);
                }
            }
        }
    }

    [VectorsFact]
    public void RecordedStream_OfAnotherSender_HasOrderedPicturesAndKeyFrames()
    {
        var (packets, starts, keys, previous) = (0, 0, 0, -1);
        var path = Path.Combine(Repository.Vectors!, "corpus", "webrtc", "rtpdump-corpus", "vp8", "vp8.rtpdump");
        foreach (var datagram in RtpDump.Read(path))
        {
            if (RtpDemultiplexer.IsRtcp(datagram))
            {
                continue;
            }

            Assert.True(RtpPacketView.TryParse(datagram, out var packet));
            if (packet.Payload.IsEmpty)
            {
                continue;
            }

            Assert.True(Vp8PayloadDescriptor.TryParse(packet.Payload, out var descriptor, out var data));
            packets++;
            if (descriptor.IsFrameStart)
            {
                starts++;
                Assert.True(Vp8FrameTag.TryParse(data, out var tag));
                Assert.Equal(tag.IsKeyFrame, Vp8FrameTag.IsKeyFrameStart(data[0]));
                keys += tag.IsKeyFrame ? 1 : 0;
                Assert.True(!tag.IsKeyFrame || (tag.Width is > 0 and < 4096 && tag.Height is > 0 and < 4096));
            }

            previous = descriptor.PictureId;
        }

        Assert.True(
            packets > 50 && starts > 10 && keys >= 1,
            $"{packets} packets, {starts} frames, {keys} key frames, last picture {previous}");
    }
}

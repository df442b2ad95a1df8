using System.Buffers;
using System.Globalization;
using P2PCam.TestKit;
using P2PCam.WebRtc.Receiving;
using P2PCam.WebRtc.Rtcp;
using P2PCam.WebRtc.Rtp.Payloads;
using P2PCam.WebRtc.Tests.Rtp;
using static P2PCam.WebRtc.Tests.Rtp.H264Samples;

namespace P2PCam.WebRtc.Tests.Receiving;

/// <summary>What senders of H.264 were seen to do: no markers or too many, fragments that are whole, empty units, stray bytes.</summary>
public sealed class H264OddSendersTests : IDisposable
{
    private readonly VideoReceiver _receiver = new(new VideoReceiverOptions
    {
        LocalSsrc = 9,
        Formats = [new RtpFormat(RtpVideoCodec.H264, 102, 103), new RtpFormat(RtpVideoCodec.Av1, 45, 46), new RtpFormat(RtpVideoCodec.Vp8, 96, 97)],
        CanonicalName = "test",
    });

    private readonly RtpStream _h264 = new(102);
    private readonly H264Packetizer _packetizer = new(1000);
    private TimeSpan _now = TimeSpan.FromSeconds(1);

    public void Dispose() => _receiver.Dispose();

    [Fact]
    public void SenderWithoutMarkers_GivesEveryPicture_AndIsNotAskedForKeyFrames()
    {
        var requests = 0;
        var frames = new List<byte[]>();
        for (var i = 0; i < 240; i++)
        {
            Handle(_h264.ToPackets(_packetizer.Packetize(i == 0 ? AnnexB(Sps, Pps, Idr(3000)) : AnnexB(Slice(1500), Slice(100)), new FrameInfo(false, 0, default))), markers: false);
            frames.AddRange(TakeFrames());
            requests += AsksForKeyFrame() ? 1 : 0;
            _now += TimeSpan.FromMilliseconds(33);
        }

        Assert.Equal((239, 0), (frames.Count, requests));
        Assert.Equal(AnnexB(Sps, Pps, Idr(3000)), frames[0]);
        Assert.Equal(AnnexB(Slice(1500), Slice(100)), frames[1]);
    }

    [Fact]
    public void LastPacketOfAPictureWithoutMarker_ComesLate_IsStillPartOfIt()
    {
        Handle(_h264.ToPackets(Sps, Pps, Idr(100)));
        var cut = _h264.ToPackets(Slice(50), Slice(60));
        Handle([cut[0]], markers: false);
        Handle(_h264.ToPackets(Slice(70)), markers: false);
        Assert.Single(TakeFrames());

        Handle([cut[1]], markers: false);
        Assert.Equal(AnnexB(Slice(50), Slice(60)), Assert.Single(TakeFrames()));
    }

    [Fact]
    public void PaddingBehindAPictureWithoutMarker_DoesNotHoldItUp()
    {
        Handle(_h264.ToPackets(Sps, Pps, Idr(100)), markers: false);
        Handle([_h264.ToPacket([], marker: false)]);
        Handle(_h264.ToPackets(Slice(70)), markers: false);

        Assert.Equal(AnnexB(Sps, Pps, Idr(100)), Assert.Single(TakeFrames()));
    }

    [Fact]
    public void UnusablePayloadOfTheNextPicture_CostsThatOne_NotTheOneBefore()
    {
        Handle(_h264.ToPackets(Sps, Pps, Idr(100)), markers: false);
        Handle(_h264.ToPackets([[0x79, 0, 0, 1]]));

        Assert.Single(TakeFrames());
    }

    [Fact]
    public void MarkerOnEverySlice_CostsOneKeyFrame_ThenPicturesAreWhole()
    {
        byte[] second = Idr(90);
        second[1] = 0x08; // not the picture's first slice
        byte[] rest = Slice(80);
        rest[1] = 0x08;
        MarkAll(Sps, Pps, Idr(100), second);
        MarkAll(Slice(100), rest);
        TakeFrames();
        Assert.True(AsksForKeyFrame());

        MarkAll(Sps, Pps, Idr(100), second);
        MarkAll(Slice(100), rest);
        MarkAll(Slice(100), rest);
        Assert.Equal([AnnexB(Sps, Pps, Idr(100), second), AnnexB(Slice(100), rest)], TakeFrames());
    }

    [Fact]
    public void FragmentWithStartAndEnd_IsAWholeUnit_AndItsParameterSetsAreRemembered()
    {
        Handle(_h264.ToPackets(Whole(Sps), Whole(Pps), Whole(Idr(100))));
        Handle(_h264.ToPackets(Whole(Slice(100))));
        Handle(_h264.ToPackets(Whole(Idr(50))));

        Assert.Equal([AnnexB(Sps, Pps, Idr(100)), AnnexB(Slice(100)), AnnexB(Sps, Pps, Idr(50))], TakeFrames());
    }

    [Fact]
    public void ParameterSetsInSeveralFragments_StartAKeyFrame()
    {
        Handle(_h264.ToPackets([[0x7C, 0x87, .. Sps[1..8]], [0x7C, 0x47, .. Sps[8..]], Pps, Idr(100)]));

        Assert.Equal(AnnexB(Sps, Pps, Idr(100)), Assert.Single(TakeFrames()));
    }

    [Fact]
    public void LastFragmentThatIsEmpty_EndsItsUnit()
    {
        Handle(_h264.ToPackets([Sps, Pps, [0x7C, 0x85, .. Idr(100)[1..]], [0x7C, 0x45]]));

        Assert.Equal(AnnexB(Sps, Pps, Idr(100)), Assert.Single(TakeFrames()));
    }

    [Fact]
    public void AggregatesAndFragmentsInOnePicture_AreOnePicture()
    {
        byte[] sets = [0x78, 0, (byte)Sps.Length, .. Sps, 0, (byte)Pps.Length, .. Pps];
        Handle(_h264.ToPackets(sets, [0x7C, 0x85, .. Idr(100)[1..50]], [0x7C, 0x45, .. Idr(100)[50..]]));

        Assert.Equal(AnnexB(Sps, Pps, Idr(100)), Assert.Single(TakeFrames()));
    }

    [Theory]
    [InlineData("")]
    [InlineData("00")] // one stray byte
    [InlineData("a8")]
    [InlineData("0000")] // an empty unit
    [InlineData("000000")]
    [InlineData("00000000")]
    [InlineData("ffffff")] // a length beyond the payload
    [InlineData("00011e")] // a unit of a type that only packets have
    [InlineData("000100")]
    public void BytesBehindAnAggregate_DoNotCostTheUnitsInIt(string stray)
    {
        byte[] payload = [0x78, 0, (byte)Sps.Length, .. Sps, 0, (byte)Pps.Length, .. Pps, 0, 20, .. Idr(20), .. Convert.FromHexString(stray)];
        Handle(_h264.ToPackets([payload]));

        Assert.Equal(AnnexB(Sps, Pps, Idr(20)), Assert.Single(TakeFrames()));
        Assert.Equal(0, _receiver.Counters.Malformed);
    }

    [Fact]
    public void EmptyUnitInFrontInAnAggregate_IsPassedOver()
    {
        Handle(_h264.ToPackets([[0x78, 0, 0, 0, (byte)Sps.Length, .. Sps, 0, 0, 0, (byte)Pps.Length, .. Pps, 0, 20, .. Idr(20)]]));

        Assert.Equal(AnnexB(Sps, Pps, Idr(20)), Assert.Single(TakeFrames()));
    }

    [Theory]
    [InlineData("00")] // types without a meaning (RFC 6184 table 1)
    [InlineData("1e0102")]
    [InlineData("1f")]
    [InlineData("0c")] // filler without data
    [InlineData("09")] // a delimiter cut short
    [InlineData("78")] // an aggregate of nothing
    [InlineData("780000")]
    [InlineData("7800011e")]
    public void UnitThatMeansNothing_DoesNotCostItsPicture(string payload)
    {
        Handle(_h264.ToPackets(Convert.FromHexString(payload), Sps, Pps, Idr(100), Convert.FromHexString(payload)));
        Handle(_h264.ToPackets(Slice(50), Convert.FromHexString(payload)));

        Assert.Equal([true, false], TakeFrames().Select(frame => frame.AsSpan().IndexOf(AnnexB(Sps)) >= 0));
        Assert.False(AsksForKeyFrame());
    }

    [Theory]
    [InlineData("{0},{1}", true)]
    [InlineData("{1},{0}", true)]
    [InlineData("{0},{1},", true)]
    [InlineData("!,{0},=,AA==,{1}", true)]
    [InlineData("{2},{3}", true)] // without padding
    [InlineData("{0}", false)]
    [InlineData("", false)]
    [InlineData(null, false)]
    public void ParameterSets_OfTheDescriptionOnly_GoInFrontOfEachKeyFrame(string? parameter, bool areEnough)
    {
        var sets = parameter is null ? null
            : string.Format(CultureInfo.InvariantCulture, parameter, [Convert.ToBase64String(Sps), Convert.ToBase64String(Pps), .. Unpadded()]);
        using var receiver = new VideoReceiver(new VideoReceiverOptions
        {
            LocalSsrc = 9,
            Formats = [new RtpFormat(RtpVideoCodec.H264, 102, null) { ParameterSets = sets }],
            CanonicalName = "test",
        });
        foreach (var packet in _h264.ToPackets(Idr(100)))
        {
            receiver.HandleRtp(_now, packet);
        }

        static string[] Unpadded() => [Convert.ToBase64String(Sps).TrimEnd('='), Convert.ToBase64String(Pps).TrimEnd('=')];
        Assert.Equal(areEnough, receiver.PollFrame(out var frame));
        if (areEnough)
        {
            Assert.Equal(AnnexB(Sps, Pps, Idr(100)), frame.Data.ToArray());
            ArrayPool<byte>.Shared.Return(frame.Buffer);
        }
    }

    [Fact]
    public void Av1WithoutMarker_EndsWithItsTimestamp()
    {
        var stream = new RtpStream(45);
        Handle(stream.ToPackets([[0x58, 1, 2], [0x80, 3]]), markers: false);
        Handle(stream.ToPackets([[0x10, 9]]), markers: false);

        Assert.Equal([0x58, 1, 2, 0x80, 3], Assert.Single(TakeFrames()));
    }

    [CasesFact]
    public void AggregateWithAStrayByte_FromTheField_GivesItsUnit()
    {
        var payload = Convert.FromHexString(File.ReadAllText(Repository.Case("bytes/h264-stapa-one-stray-byte.hex")).Trim());
        Handle(_h264.ToPackets(payload, Pps, Idr(30)));

        Assert.Equal([7, 8, 5], Split(Assert.Single(TakeFrames())).Select(nal => nal[0] & 0x1F));
        Assert.Equal(0, _receiver.Counters.Malformed);
    }

    private static byte[] Whole(byte[] nal) => [(byte)((nal[0] & 0xE0) | 28), (byte)(0xC0 | (nal[0] & 0x1F)), .. nal[1..]];

    private void MarkAll(params byte[][] payloads)
    {
        Array.ForEach(payloads, payload => _receiver.HandleRtp(_now, _h264.ToPacket(payload, marker: true)));
        _h264.Timestamp += 3000;
    }

    private void Handle(List<byte[]> packets, bool markers = true)
    {
        foreach (var packet in packets)
        {
            packet[1] &= (byte)(markers ? 0xFF : 0x7F);
            _receiver.HandleRtp(_now, packet);
        }
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

    private bool AsksForKeyFrame()
    {
        var buffer = new byte[2048];
        var asks = false;
        if (_receiver.PollFeedback(_now, null, buffer, out var length))
        {
            var reader = new RtcpCompoundReader(buffer.AsSpan(0, length));
            while (reader.MoveNext())
            {
                asks |= reader.Current.Kind == RtcpPacketKind.PictureLossIndication;
            }
        }

        return asks;
    }
}

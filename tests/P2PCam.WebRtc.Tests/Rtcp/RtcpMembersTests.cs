using P2PCam.TestKit;

namespace P2PCam.WebRtc.Tests.Rtcp;

/// <summary>A compound in which one member is odd or broken: it loses only itself.</summary>
public class RtcpMembersTests
{
    private const string Pli = "81ce0002" + "0000000100000002";

    [Theory]
    [InlineData("8fcd0004" + "9acb0442" + "00000000" + "00000000" + "00000000", "TransportFeedback(0/0)")] // nothing came in its time
    [InlineData("8fcd0004" + "9acb0442" + "00000000" + "12340000" + "00000107", "TransportFeedback(0/0)")]
    [InlineData("8fcd0005" + "9acb0442" + "00000000" + "12340000" + "00000107" + "00000000", "TransportFeedback(0/0)")]
    [InlineData("afcd0005" + "9acb0442" + "00000000" + "12340000" + "00000107" + "00000004", "TransportFeedback(0/0)")]
    [InlineData("8fcd0005" + "0000000100000002" + "00010001" + "00000000" + "20640100", "TransportFeedback(1/1)")] // a run beyond the count
    [InlineData("afcd0005" + "0000000100000002" + "00010001" + "00000000" + "20010101", "TransportFeedback(1/1)")] // padded by one byte, as browsers do
    [InlineData("afcd0006" + "0000000100000002" + "00010003" + "00000000" + "20030101" + "01000003", "TransportFeedback(3/3)")] // by three
    public void TransportFeedback_OfAnyLegalForm_IsRead_AndWhatFollows(string hex, string expected) =>
        Assert.Equal($"{expected} PictureLossIndication", RtcpTestExtensions.Describe(Convert.FromHexString(hex + Pli)));

    [Theory]
    [InlineData("82c90001" + "00000001")] // two report blocks promised
    [InlineData("80c80002" + "0000000100000002")] // no sender info
    [InlineData("81ca0002" + "00000001" + "01ff6100")] // an item longer than the packet
    [InlineData("82cb0001" + "00000001")] // two sources promised
    [InlineData("81cb0002" + "00000001" + "04746573")] // a reason longer than the packet
    [InlineData("81cd0002" + "0000000100000002")] // a NACK of nothing
    [InlineData("84ce0002" + "0000000100000000")] // a FIR for nobody
    [InlineData("8fce0005" + "0000000100000000" + "52454d42" + "02080001" + "00000009")] // REMB for two, of which one is there
    [InlineData("8fcd0005" + "0000000100000002" + "00010004" + "00000000" + "20040102")] // deltas missing
    [InlineData("81ce0001" + "00000001")] // feedback about nobody
    [InlineData("a1ce0003" + "0000000100000002" + "00000000")] // padding of no bytes
    [InlineData("a1ce0003" + "0000000100000002" + "00000010")] // more padding than packet
    [InlineData("41ce0002" + "0000000100000002")] // another version
    [InlineData("00000000")] // zeros
    public void BrokenMember_LosesOnlyItself(string hex) =>
        Assert.Equal("PictureLossIndication PictureLossIndication !", RtcpTestExtensions.Describe(Convert.FromHexString(Pli + hex + Pli)));

    [Theory]
    [InlineData("80cf0002" + "00000001" + "ffffffff")] // XR whose block says that it is longer
    [InlineData("80cc0001" + "00000001")] // APP without a name
    [InlineData("80c0000100000001")] // FIR of RFC 2032
    [InlineData("80df0000")] // a type that nobody has heard of
    [InlineData("9fcd00020000000100000002")] // feedback formats of no use here
    [InlineData("82ce00020000000100000002")]
    public void MemberThatIsNotUsed_IsPassedOver(string hex) =>
        Assert.Equal("Unknown PictureLossIndication", RtcpTestExtensions.Describe(Convert.FromHexString(hex + Pli)));

    [Theory]
    [InlineData("80c9ffff00000001")] // a length beyond the datagram: nothing says where the next one is
    [InlineData("80c900")]
    public void MemberWithoutItsEnd_EndsTheWalk(string hex) =>
        Assert.Equal("PictureLossIndication !", RtcpTestExtensions.Describe(Convert.FromHexString(Pli + hex)));

    [CasesFact]
    public void EmptyTransportFeedback_FromTheField_KeepsThePictureLossBehindIt()
    {
        var feedback = File.ReadAllText(Repository.Case("bytes/rtcp-twcc-empty.hex")).Replace(" ", "").Trim();

        Assert.Equal("TransportFeedback(0/0) PictureLossIndication", RtcpTestExtensions.Describe(Convert.FromHexString(feedback + Pli)));
    }
}

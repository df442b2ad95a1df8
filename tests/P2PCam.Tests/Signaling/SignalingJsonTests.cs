using System.Text;

namespace P2PCam.Tests.Signaling;

public class SignalingJsonTests
{
    public static TheoryData<SignalingMessage> EveryMessage => new()
    {
        new HelloMessage("default", SignalingRole.Viewer, Token: "secret"),
        new WelcomeMessage("0123456789abcdef"),
        new OfferMessage("v=0\r\n"),
        new AnswerMessage("v=0\r\n") { Peer = "ab" },
        new CandidateMessage("candidate:1 1 udp 1 192.0.2.1 3000 typ host", "0", 0),
        new EndOfCandidatesMessage(),
        new CameraStateMessage(CameraState.Slate, "reopening"),
        new CameraStateMessage(CameraState.Offline) { Unheard = true },
        new PeerJoinedMessage("websocket") { Peer = "ab" },
        new PeerLeftMessage { Peer = "ab" },
        new ByeMessage("done"),
        new ErrorMessage("P2P2005", "not allowed"),
    };

    [Theory]
    [MemberData(nameof(EveryMessage))]
    public void TryParse_WhatSerializeWrote_GivesAnEqualMessage(SignalingMessage message)
    {
        var json = SignalingJson.Serialize(message);

        Assert.True(SignalingJson.TryParse(json, out var parsed, out var error), error);
        Assert.Equal(message, parsed);
    }

    [Fact]
    public void Serialize_UsesTypeNamesAndCamelCase()
    {
        var json = Encoding.UTF8.GetString(SignalingJson.Serialize(new CameraStateMessage(CameraState.Live)));

        Assert.Equal("""{"type":"camera","state":"Live"}""", json);
    }

    [Fact]
    public void TryParse_UnknownFieldsAndTypeLast_AreAccepted()
    {
        Assert.True(SignalingJson.TryParse("""{"sdp":"v=0","later":{"a":[1]},"type":"offer"}"""u8, out var message, out _));
        Assert.Equal(new OfferMessage("v=0"), message);
    }

    [Theory]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("{}")]
    [InlineData("""{"sdp":"v=0"}""")]
    [InlineData("""{"type":"offer"}""")]
    [InlineData("""{"type":"offer","sdp":null}""")]
    [InlineData("""{"type":"offer","sdp":5}""")]
    [InlineData("""{"type":"no-such-message"}""")]
    [InlineData("""{"type":"camera","state":"Broken"}""")]
    [InlineData("""{"type":"bye","a":{"a":{"a":{"a":{"a":{"a":{"a":{"a":{"a":1}}}}}}}}}""")]
    [InlineData("""{"type":"bye""")]
    public void TryParse_NotAMessage_SaysWhyInWords(string json)
    {
        Assert.False(SignalingJson.TryParse(Encoding.UTF8.GetBytes(json), out _, out var error));
        Assert.NotEmpty(error);
    }

    [Fact]
    public void TryParse_OversizedMessage_IsRefusedByItsSize()
    {
        var json = new byte[SignalingLimits.MaxMessageBytes + 1];

        Assert.False(SignalingJson.TryParse(json, out _, out var error));
        Assert.Contains("65536", error, StringComparison.Ordinal);
    }

    [Fact]
    public void TryParse_RandomlyChangedMessages_NeverThrow()
    {
        var random = new Random(7);
        foreach (var row in EveryMessage)
        {
            var original = SignalingJson.Serialize((SignalingMessage)row);
            for (var i = 0; i < 500; i++)
            {
                var json = original.ToArray();
                json[random.Next(json.Length)] = (byte)random.Next(256);
                if (!SignalingJson.TryParse(json, out var message, out var error))
                {
                    Assert.NotEmpty(error);
                    Assert.Null(message);
                }
            }
        }
    }

    [Fact]
    public void ToString_HidesTokensAndSdp()
    {
        const string Canary = "canary-7f3a";
        SignalingMessage[] messages = [new HelloMessage("s", SignalingRole.Viewer, Token: Canary), new OfferMessage(Canary), new AnswerMessage(Canary), new CandidateMessage(Canary)];

        Assert.All(messages, message => Assert.DoesNotContain(Canary, message.ToString(), StringComparison.Ordinal));
        Assert.DoesNotContain(Canary, new SignalingJoin("s", SignalingRole.Viewer, Canary).ToString(), StringComparison.Ordinal);
    }
}

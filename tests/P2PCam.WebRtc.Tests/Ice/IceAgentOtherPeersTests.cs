using P2PCam.WebRtc.Ice;
using P2PCam.WebRtc.Stun;

namespace P2PCam.WebRtc.Tests.Ice;

/// <summary>Peers that do less than RFC 8445 asks of a full agent.</summary>
public sealed class IceAgentOtherPeersTests
{
    [Theory]
    [InlineData(null, null)]
    [InlineData(0x0020, new byte[] { 0, 9, 1, 2, 3, 4, 5, 6 })] // of no family
    [InlineData(0x0020, new byte[] { 0, 1 })]
    [InlineData(0x0001, new byte[] { 0, 1, 1, 2, 3, 4, 5, 6 })]
    [InlineData(0x8022, new byte[] { 65, 66 })]
    [InlineData(0x0004, new byte[] { 0, 1, 1, 2, 3, 4, 5, 6 })] // of RFC 3489
    [InlineData(0x0005, new byte[] { 0, 1, 1, 2, 3, 4, 5, 6 })]
    public void Success_IsSuccess_WhateverItSaysOfOurAddress(int? attribute, byte[]? value)
    {
        var type = (StunAttributeType?)attribute;
        var peer = new ScriptedPeer();
        peer.Check(1, useCandidate: true);
        peer.Pass(0.1, answer: false);
        Assert.Equal(StunOutcome.ResponseAccepted, peer.Deliver(1, peer.BareResponse(peer.Checks[0].Id, type, value)));
        Assert.Equal((IceState.Connected, ScriptedPeer.Remote(1)), (peer.Agent.State, peer.Selected));

        // Consent is answered by the same.
        for (var i = 0; i < 120; i++)
        {
            peer.Checks.Clear();
            peer.Pass(1, answer: false);
            foreach (var check in peer.Checks.ToArray())
            {
                peer.Deliver(1, peer.BareResponse(check.Id, type, value));
            }
        }

        Assert.Equal((IceState.Connected, true), (peer.Agent.State, peer.Agent.HasConsent));
    }

    [Fact]
    public void Success_WithAWrongKey_IsNone()
    {
        var peer = new ScriptedPeer();
        peer.Check(1, useCandidate: true);
        peer.Pass(0.1, answer: false);
        Assert.Equal(StunOutcome.BadIntegrity, peer.Deliver(1, peer.Response(peer.Checks[0].Id, "anotherpasswordanotherpass")));
        Assert.Null(peer.Selected);
    }

    [Fact]
    public void Media_OfAPairThatNobodyAuthenticated_SelectsNothing()
    {
        var peer = new ScriptedPeer();
        peer.Agent.AddRemoteCandidate(peer.Now, IceCandidate.Host(ScriptedPeer.Remote(1), 1));
        for (var i = 0; i < 30; i++)
        {
            peer.Pass(0.1, answer: false);
            peer.Agent.OnMedia(peer.Now, ScriptedPeer.Local, ScriptedPeer.Remote(1));
        }

        Assert.Null(peer.Selected);
    }

    [Fact]
    public void Media_OfANominatedPair_StandsForTheAnswerThatIsMissing_AndElseAfterASecond()
    {
        foreach (var nominates in new[] { true, false })
        {
            var peer = new ScriptedPeer();
            peer.Check(1, nominates);
            peer.Agent.OnMedia(peer.Now, ScriptedPeer.Local, ScriptedPeer.Remote(1));
            Assert.Equal(nominates, peer.Selected is not null);
            peer.Now += TimeSpan.FromSeconds(1);
            peer.Agent.OnMedia(peer.Now, ScriptedPeer.Local, ScriptedPeer.Remote(1));
            Assert.Equal(ScriptedPeer.Remote(1), peer.Selected);
        }
    }

    [Fact]
    public void Media_KeepsThePair_ButNotTheConsentToSend()
    {
        var peer = new ScriptedPeer();
        peer.Check(1, useCandidate: true);
        peer.Pass(0.1);
        Assert.Equal(IceState.Connected, peer.Agent.State);
        for (var i = 0; i < 400; i++)
        {
            peer.Pass(0.1, answer: false);
            peer.Agent.OnMedia(peer.Now, ScriptedPeer.Local, ScriptedPeer.Remote(1));
            peer.Checks.Clear();
            Assert.True(peer.Agent.NextTimeout > peer.Now - TimeSpan.FromMilliseconds(1), "It would be called for ever.");
        }

        Assert.Equal((IceState.Connected, false), (peer.Agent.State, peer.Agent.HasConsent));
        peer.Pass(31, answer: false);
        Assert.Equal(IceState.Failed, peer.Agent.State);
    }

    [Fact]
    public void LitePeer_MakesUsControlling_AndItsMistakesDoNotChangeThat()
    {
        var peer = new ScriptedPeer(IceRole.Controlled, signal: false) { Agent = { IsRemoteLite = true } };
        Assert.Equal(IceRole.Controlling, peer.Agent.Role);
        Assert.True(peer.Agent.SetRemoteCredentials(peer.Now, ScriptedPeer.Ufrag, ScriptedPeer.Password));
        peer.Agent.AddRemoteCandidate(peer.Now, IceCandidate.Host(ScriptedPeer.Remote(1), 1));

        // Some that say ice-lite send checks all the same, as controlling ones.
        Assert.Equal(StunOutcome.RequestAccepted, peer.Deliver(1, peer.Request(useCandidate: true, tieBreaker: ulong.MaxValue)));
        Assert.Equal(StunOutcome.RequestAccepted, peer.Deliver(1, peer.Request(tieBreaker: 0)));
        var checks = peer.Checks.ToArray();
        peer.Pass(0.3);
        Assert.Equal((IceRole.Controlling, ScriptedPeer.Remote(1)), (peer.Agent.Role, peer.Selected));
        Assert.All(checks, check => Assert.True(check.Controlling));
        Assert.DoesNotContain(peer.Answers, answer => answer.Code == 487);
    }
}

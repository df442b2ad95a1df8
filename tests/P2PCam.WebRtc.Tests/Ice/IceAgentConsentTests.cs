using P2PCam.WebRtc.Ice;

namespace P2PCam.WebRtc.Tests.Ice;

public sealed class IceAgentConsentTests
{
    [Fact]
    public void Consent_checks_are_4_to_6_seconds_apart_and_never_evenly()
    {
        var peer = Connected();
        var times = new List<double>();
        for (var i = 0; i < 60_000; i++)
        {
            peer.Pass(0.01, answer: false);
            if (peer.Checks.Count > 0)
            {
                times.Add(peer.Now.TotalSeconds);
                peer.AnswerAll();
            }
        }

        var gaps = times.Zip(times.Skip(1), (a, b) => b - a).ToList();
        Assert.InRange(gaps.Count, 100, 150);
        Assert.All(gaps, g => Assert.InRange(g, 3.99, 6.02));
        Assert.True(gaps.Max() - gaps.Min() > 1);
        Assert.Equal(IceState.Connected, peer.Agent.State);
    }

    [Fact]
    public void Silence_shows_as_disconnected_after_5_to_8_seconds_and_as_lost_consent_after_30()
    {
        var peer = Connected();
        var start = peer.Now;
        peer.Pass(5, answer: false);
        Assert.Equal(IceState.Connected, peer.Agent.State);
        peer.Pass(3, answer: false);
        Assert.Equal(IceState.Disconnected, peer.Agent.State);
        Assert.NotNull(peer.Selected);
        peer.Pass(21.9, answer: false);
        Assert.Equal(IceState.Disconnected, peer.Agent.State);

        peer.Pass(0.2, answer: false);

        Assert.Equal(IceState.Failed, peer.Agent.State);
        Assert.Single(peer.Events, e => e.Kind == IceEventKind.ConsentLost);
        Assert.Null(peer.Selected);
        Assert.InRange(peer.Checks.Count, 8, 25);
        Assert.InRange((peer.Now - start).TotalSeconds, 30, 30.2);
        Assert.Equal(TimeSpan.MaxValue, peer.Agent.NextTimeout);
        Assert.False(peer.Agent.IsAuthenticatedPair(ScriptedPeer.Local, ScriptedPeer.Remote(1)));
    }

    [Fact]
    public void Checks_of_the_peer_are_signs_of_life_but_no_consent()
    {
        var peer = Connected();
        for (var i = 0; i < 29; i++)
        {
            peer.Pass(1, answer: false);
            peer.Check(1, useCandidate: true);
            Assert.Equal(IceState.Connected, peer.Agent.State);
        }

        peer.Pass(1.5, answer: false);
        Assert.Equal(IceState.Failed, peer.Agent.State);
    }

    [Fact]
    public void An_answer_while_disconnected_connects_again()
    {
        var peer = Connected();
        peer.Pass(20, answer: false);
        Assert.Equal(IceState.Disconnected, peer.Agent.State);
        peer.AnswerAll();
        Assert.Equal(IceState.Connected, peer.Agent.State);
        peer.Pass(29, answer: false);
        Assert.NotNull(peer.Selected);
    }

    [Fact]
    public void Old_answers_played_again_do_not_prolong_consent()
    {
        var peer = Connected();
        peer.Pass(6.1, answer: false);
        var answer = peer.Response(peer.Checks[0].Id);
        Assert.Equal(StunOutcome.ResponseAccepted, peer.Deliver(1, answer));
        for (var i = 0; i < 31; i++)
        {
            peer.Pass(1, answer: false);
            peer.Deliver(1, answer);
        }

        Assert.Equal(IceState.Failed, peer.Agent.State);
    }

    [Fact]
    public void A_403_revokes_consent_at_once()
    {
        var peer = Connected();
        peer.Pass(6.1, answer: false);
        peer.Deliver(1, peer.Response(peer.Checks[0].Id, code: 403));
        Assert.Equal(IceState.Failed, peer.Agent.State);
        Assert.Contains(peer.Events, e => e.Kind == IceEventKind.ConsentLost);
    }

    private static ScriptedPeer Connected()
    {
        var peer = new ScriptedPeer();
        peer.Check(1, useCandidate: true);
        peer.AnswerAll();
        Assert.Equal(IceState.Connected, peer.Agent.State);
        return peer;
    }
}

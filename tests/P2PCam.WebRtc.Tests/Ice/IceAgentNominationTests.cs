using P2PCam.WebRtc.Ice;

namespace P2PCam.WebRtc.Tests.Ice;

public sealed class IceAgentNominationTests
{
    private const uint Low = 1_000_000;
    private const uint High = 2_000_000;

    [Fact]
    public void USE_CANDIDATE_before_our_own_check_succeeded_counts_when_it_does()
    {
        var peer = new ScriptedPeer();
        peer.Check(1, useCandidate: true);
        Assert.Null(peer.Selected);
        peer.AnswerAll();
        Assert.Equal(ScriptedPeer.Remote(1), peer.Selected);
        Assert.Equal(IceState.Connected, peer.Agent.State);
    }

    [Fact]
    public void Without_USE_CANDIDATE_nothing_is_selected()
    {
        var peer = new ScriptedPeer();
        peer.Check(1);
        peer.Pass(5);
        Assert.Null(peer.Selected);
        Assert.Equal(IceState.Checking, peer.Agent.State);
    }

    [Fact]
    public void A_peer_that_flags_every_check_of_every_pair_ends_on_the_best_pair_and_stays()
    {
        var peer = new ScriptedPeer();
        for (var round = 0; round < 20; round++)
        {
            peer.Check(1, useCandidate: true, Low);
            peer.Check(2, useCandidate: true, High);
            peer.Pass(0.5);
        }

        Assert.Equal(ScriptedPeer.Remote(2), peer.Selected);
        Assert.InRange(peer.Events.Count(e => e.Kind == IceEventKind.SelectedPairChanged), 1, 2);
    }

    [Fact]
    public void A_browser_that_moves_to_a_worse_pair_it_checked_before_is_followed_at_once()
    {
        var peer = new ScriptedPeer();
        peer.Check(1, useCandidate: false, Low);
        peer.Check(2, useCandidate: true, High);
        peer.Pass(1);
        Assert.Equal(ScriptedPeer.Remote(2), peer.Selected);

        peer.Check(1, useCandidate: true, Low);
        Assert.Equal(ScriptedPeer.Remote(1), peer.Selected);

        // And back.
        peer.Check(2, useCandidate: true, High);
        Assert.Equal(ScriptedPeer.Remote(2), peer.Selected);
    }

    [Fact]
    public void A_browser_that_moves_to_a_new_worse_pair_is_followed_after_three_checks()
    {
        var peer = new ScriptedPeer();
        peer.Check(2, useCandidate: true, High);
        peer.Pass(0.2);
        for (var i = 0; i < 3; i++)
        {
            Assert.Equal(ScriptedPeer.Remote(2), peer.Selected);
            peer.Check(1, useCandidate: true, Low);
            peer.Pass(0.2);
        }

        Assert.Equal(ScriptedPeer.Remote(1), peer.Selected);
    }

    [Fact]
    public void A_pair_not_answered_for_long_is_checked_again_before_media_moves_to_it()
    {
        var peer = new ScriptedPeer();
        peer.Check(1, useCandidate: false, Low);
        peer.Check(2, useCandidate: true, High);
        peer.Pass(15);

        peer.Check(1, useCandidate: true, Low);
        Assert.Equal(ScriptedPeer.Remote(2), peer.Selected);
        peer.AnswerAll();
        Assert.Equal(ScriptedPeer.Remote(1), peer.Selected);
    }

    [Fact]
    public void The_controlling_side_nominates_the_only_pair_as_soon_as_it_works()
    {
        var peer = new ScriptedPeer(IceRole.Controlling);
        peer.Agent.AddRemoteCandidate(peer.Now, IceCandidate.Host(ScriptedPeer.Remote(1), 1));
        peer.AnswerAll();
        Assert.True(Assert.Single(peer.Checks).UseCandidate);
        Assert.Null(peer.Selected);
        peer.AnswerAll();
        Assert.Equal(ScriptedPeer.Remote(1), peer.Selected);
    }

    [Fact]
    public void The_controlling_side_waits_a_moment_for_a_better_pair_and_no_longer()
    {
        var peer = new ScriptedPeer(IceRole.Controlling);
        peer.Agent.AddRemoteCandidate(peer.Now, IceCandidate.Host(ScriptedPeer.Remote(1), 1));
        peer.Agent.AddRemoteCandidate(peer.Now, IceCandidate.Host(ScriptedPeer.Remote(2), 2));
        peer.AnswerAll(r => r == ScriptedPeer.Remote(1));
        Assert.DoesNotContain(peer.Checks, c => c.UseCandidate);
        peer.Pass(0.06, answer: false);
        Assert.Equal(ScriptedPeer.Remote(1), Assert.Single(peer.Checks, c => c.UseCandidate).Remote);
        Assert.Equal(ScriptedPeer.Remote(2), Assert.Single(peer.Checks, c => !c.UseCandidate).Remote);
    }

    [Fact]
    public void The_controlling_side_nominates_another_pair_when_the_nomination_goes_unanswered()
    {
        var peer = new ScriptedPeer(IceRole.Controlling);
        peer.Agent.AddRemoteCandidate(peer.Now, IceCandidate.Host(ScriptedPeer.Remote(2), 2));
        peer.AnswerAll();
        Assert.True(Assert.Single(peer.Checks).UseCandidate);
        peer.Agent.AddRemoteCandidate(peer.Now, IceCandidate.Host(ScriptedPeer.Remote(1), 1));
        for (var i = 0; i < 200 && peer.Selected is null; i++)
        {
            peer.Pass(0.1, answer: false);
            peer.AnswerAll(r => r == ScriptedPeer.Remote(1));
        }

        Assert.Equal(ScriptedPeer.Remote(1), peer.Selected);
    }
}

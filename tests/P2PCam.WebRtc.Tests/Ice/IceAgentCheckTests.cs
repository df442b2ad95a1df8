using P2PCam.WebRtc.Ice;
using P2PCam.WebRtc.Stun;
using P2PCam.WebRtc.Wire;

namespace P2PCam.WebRtc.Tests.Ice;

public sealed class IceAgentCheckTests
{
    [Fact]
    public void The_first_check_leaves_at_once_and_further_ones_50_ms_apart()
    {
        var peer = new ScriptedPeer();
        var start = peer.Now;
        for (var i = 1; i <= 5; i++)
        {
            peer.Agent.AddRemoteCandidate(peer.Now, IceCandidate.Host(ScriptedPeer.Remote(i), (ushort)i));
        }

        peer.Drain();
        Assert.Single(peer.Checks);
        Assert.Equal(start + TimeSpan.FromMilliseconds(50), peer.Agent.NextTimeout);
        peer.Pass(0.14, answer: false);
        Assert.Equal(3, peer.Checks.Count);

        // The best candidate was not there yet when the first check left; after that the order is that of the priorities.
        Assert.Equal([1, 5, 4], peer.Checks.Select(c => (int)(uint)c.Remote.Address & 0xFF));
    }

    [Fact]
    public void An_unanswered_check_is_sent_seven_times_and_then_its_pair_fails()
    {
        var peer = new ScriptedPeer();
        peer.Agent.AddRemoteCandidate(peer.Now, IceCandidate.Host(ScriptedPeer.Remote(1), 1));
        peer.Pass(29, answer: false);
        Assert.Equal(7, peer.Checks.Count);
        Assert.Single(peer.Checks.Select(c => c.Id).Distinct());
        Assert.Equal(IceState.Checking, peer.Agent.State);

        peer.Pass(2, answer: false);
        Assert.Equal(IceState.Failed, peer.Agent.State);
        Assert.Equal(TimeSpan.MaxValue, peer.Agent.NextTimeout);
    }

    [Fact]
    public void Retransmissions_double_their_distance_up_to_two_seconds()
    {
        var peer = new ScriptedPeer();
        var start = peer.Now;
        peer.Agent.AddRemoteCandidate(peer.Now, IceCandidate.Host(ScriptedPeer.Remote(1), 1));
        peer.Drain();
        var times = new List<double>();
        for (var sent = 1; sent < 7; times.Add((peer.Now - start).TotalMilliseconds))
        {
            peer.Now = peer.Agent.NextTimeout;
            peer.Agent.HandleTimeout(peer.Now);
            peer.Drain();
            Assert.Equal(++sent, peer.Checks.Count);
        }

        Assert.Equal([150, 450, 1050, 2250, 4250, 6250], times);
    }

    [Fact]
    public void A_pair_that_failed_gets_another_chance_when_the_peer_checks_it()
    {
        var peer = new ScriptedPeer();
        peer.Agent.AddRemoteCandidate(peer.Now, IceCandidate.Host(ScriptedPeer.Remote(1), 1));
        peer.Pass(25, answer: false);
        peer.Checks.Clear();
        peer.Check(1, useCandidate: true);
        peer.AnswerAll();
        Assert.Equal(IceState.Connected, peer.Agent.State);
    }

    [Theory]
    [InlineData("candidate:1 1 udp 5 abc.local 5 typ host", nameof(IceCandidateResult.IgnoredHostName))]
    [InlineData("candidate:1 1 tcp 5 192.168.1.9 9 typ host tcptype active", nameof(IceCandidateResult.IgnoredTcp))]
    [InlineData("candidate:1 2 udp 5 192.168.1.9 5 typ host", nameof(IceCandidateResult.IgnoredComponent))]
    [InlineData("candidate:1 1 udp 5 0.0.0.0 5 typ host", nameof(IceCandidateResult.IgnoredAddress))]
    [InlineData("candidate:1 1 udp 5 :: 5 typ host", nameof(IceCandidateResult.IgnoredAddress))]
    [InlineData("candidate:1 1 udp 5 192.168.1.9 0 typ host", nameof(IceCandidateResult.IgnoredAddress))]
    [InlineData("candidate:1 1 udp 5 239.1.2.3 5 typ host", nameof(IceCandidateResult.IgnoredAddress))]
    [InlineData("candidate:1 1 udp 5 255.255.255.255 5 typ host", nameof(IceCandidateResult.IgnoredAddress))]
    [InlineData("candidate:1 1 udp 5 ff02::1 5 typ host", nameof(IceCandidateResult.IgnoredAddress))]
    [InlineData("candidate:1 1 udp 5 192.168.1.9 5 typ host", nameof(IceCandidateResult.Added))]
    public void Remote_candidates_that_cannot_be_used_are_ignored_with_the_reason(string text, string expected)
    {
        var peer = new ScriptedPeer();
        Assert.True(IceCandidateText.TryParse(text, out var candidate));
        Assert.Equal(expected, peer.Agent.AddRemoteCandidate(peer.Now, candidate).ToString());
        peer.Drain();
        Assert.Equal(expected == nameof(IceCandidateResult.Added) ? 1 : 0, peer.Checks.Count);
    }

    [Fact]
    public void Of_a_thousand_signaled_candidates_a_hundred_are_taken()
    {
        var peer = new ScriptedPeer();
        var results = Enumerable.Range(0, 1000)
            .Select(i => peer.Agent.AddRemoteCandidate(peer.Now, IceCandidate.Host(ScriptedPeer.Remote(i), 1))).ToList();
        Assert.Equal(100, results.Count(r => r == IceCandidateResult.Added));
        Assert.Equal(900, results.Count(r => r == IceCandidateResult.IgnoredLimit));
        Assert.Equal(IceCandidateResult.Duplicate, peer.Agent.AddRemoteCandidate(peer.Now, IceCandidate.Host(ScriptedPeer.Remote(5), 1)));

        // A peer that really is there still gets in.
        peer.Check(5000, useCandidate: true);
        peer.Pass(0.06, answer: false);
        peer.AnswerAll(r => r == ScriptedPeer.Remote(5000));
        Assert.Equal(ScriptedPeer.Remote(5000), peer.Selected);
    }

    [Fact]
    public void A_response_from_elsewhere_or_with_another_password_or_twice_changes_nothing()
    {
        var peer = new ScriptedPeer();
        peer.Check(1, useCandidate: true);
        var check = Assert.Single(peer.Checks);

        Assert.Equal(StunOutcome.UnknownTransaction, peer.Deliver(2, peer.Response(check.Id)));
        Assert.Equal(StunOutcome.BadIntegrity, peer.Deliver(1, peer.Response(check.Id, password: "wrongpasswordwrongpassword")));
        Assert.Equal(StunOutcome.UnknownTransaction, peer.Deliver(1, peer.Response(new StunTransactionId(1, 1))));
        Assert.Null(peer.Selected);
        Assert.Equal(StunOutcome.ResponseAccepted, peer.Deliver(1, peer.Response(check.Id)));
        Assert.Equal(ScriptedPeer.Remote(1), peer.Selected);
        Assert.Equal(StunOutcome.UnknownTransaction, peer.Deliver(1, peer.Response(check.Id)));
    }

    [Fact]
    public void A_mapped_address_that_is_not_ours_is_reported_and_the_pair_is_used_all_the_same()
    {
        var peer = new ScriptedPeer();
        peer.Check(1, useCandidate: true);
        var buffer = new byte[200];
        var writer = new StunWriter(buffer, StunClass.SuccessResponse, StunMethod.Binding, peer.Checks[0].Id);
        var mapped = TransportAddress.FromIPv4(0xCB007101, 4444);
        writer.AddXorAddress(StunAttributeType.XorMappedAddress, mapped);
        writer.AddMessageIntegrity(StunIntegrity.ShortTermKey(ScriptedPeer.Password));
        peer.Deliver(1, buffer.AsSpan(0, writer.Length));

        Assert.Contains(peer.Events, e => e.Kind == IceEventKind.PeerReflexiveDiscovered && e.Local == mapped);
        Assert.True(peer.Agent.TryGetSelectedPair(out var local, out _));
        Assert.Equal(ScriptedPeer.Local, local);
    }

    [Fact]
    public void The_round_trip_time_is_that_of_answers_without_retransmission()
    {
        var peer = new ScriptedPeer();
        peer.Check(1, useCandidate: true);
        peer.Now += TimeSpan.FromMilliseconds(30);
        peer.AnswerAll();
        Assert.Equal(30, peer.Agent.RoundTripTime!.Value.TotalMilliseconds);
    }

    [Fact]
    public void A_link_local_candidate_gets_the_zone_of_the_socket_it_is_paired_with()
    {
        var peer = new ScriptedPeer();
        var local = new TransportAddress(((UInt128)0xFE80 << 112) + 1, 3000, ScopeId: 4);
        peer.Agent.AddLocalCandidate(peer.Now, IceCandidate.Host(local, 5));
        Assert.True(IceCandidateText.TryParse("candidate:1 1 udp 5 fe80::2 5000 typ host", out var candidate));
        peer.Agent.AddRemoteCandidate(peer.Now, candidate);

        Assert.True(peer.Agent.PollTransmit(new byte[700], out _, out var from, out var to));
        Assert.Equal((local, 4u), (from, to.ScopeId));
    }

    [Fact]
    public void Remote_credentials_outside_the_RFC_or_changed_without_restart_are_refused()
    {
        var peer = new ScriptedPeer(signal: false);
        var agent = peer.Agent;
        Assert.False(agent.SetRemoteCredentials(peer.Now, "abc", ScriptedPeer.Password));
        Assert.False(agent.SetRemoteCredentials(peer.Now, "abcd", "tooshort"));
        Assert.False(agent.SetRemoteCredentials(peer.Now, "ab:d", ScriptedPeer.Password));
        Assert.False(agent.SetRemoteCredentials(peer.Now, new string('a', 257), ScriptedPeer.Password));
        Assert.Equal(IceState.New, agent.State);
        Assert.True(agent.SetRemoteCredentials(peer.Now, new string('a', 256), new string('b', 256)));
        Assert.True(agent.SetRemoteCredentials(peer.Now, new string('a', 256), new string('b', 256)));
        Assert.False(agent.SetRemoteCredentials(peer.Now, ScriptedPeer.Ufrag, ScriptedPeer.Password));

        // The longest names still fit the smallest allowed buffer.
        agent.AddRemoteCandidate(peer.Now, IceCandidate.Host(ScriptedPeer.Remote(1), 1));
        Assert.True(agent.PollTransmit(new byte[IceLimits.MaxMessageSize], out _, out _, out _));
    }
}

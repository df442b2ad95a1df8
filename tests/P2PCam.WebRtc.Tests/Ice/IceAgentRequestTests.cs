using P2PCam.TestKit.Measuring;
using P2PCam.TestKit.Simulation;
using P2PCam.WebRtc.Ice;
using P2PCam.WebRtc.Stun;
using P2PCam.WebRtc.Wire;

namespace P2PCam.WebRtc.Tests.Ice;

public sealed class IceAgentRequestTests
{
    [Fact]
    public void A_check_is_answered_with_the_address_it_came_from_and_triggers_one_back()
    {
        var peer = new ScriptedPeer();

        Assert.Equal(StunOutcome.RequestAccepted, peer.Check(1));

        Assert.Equal((200, ScriptedPeer.Remote(1)), Assert.Single(peer.Answers));
        Assert.Equal(ScriptedPeer.Remote(1), Assert.Single(peer.Checks).Remote);
        Assert.Contains(peer.Events, e => e.Kind == IceEventKind.PeerReflexiveDiscovered && e.Remote == ScriptedPeer.Remote(1));
        Assert.True(peer.Agent.IsAuthenticatedPair(ScriptedPeer.Local, ScriptedPeer.Remote(1)));
        Assert.False(peer.Agent.IsAuthenticatedPair(ScriptedPeer.Local, ScriptedPeer.Remote(2)));
    }

    [Fact]
    public void Strangers_get_no_answer_and_leave_nothing_behind()
    {
        var peer = new ScriptedPeer();
        var messages = new[]
        {
            peer.Request(useCandidate: true, username: $"{peer.Agent.LocalUfrag}:other"),
            peer.Request(useCandidate: true, username: "other:peer"),
            peer.Request(useCandidate: true, username: $"{peer.Agent.LocalUfrag}peer"),
            peer.Request(useCandidate: true, username: ""),
            peer.Request(useCandidate: true, password: "wrongpasswordwrongpassword"),
            peer.Request()[..20],
            [0, 1, 0, 0, 0x21, 0x12, 0xA4, 0x42, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0],
        };
        for (var round = 0; round < 100_000; round++)
        {
            var from = ScriptedPeer.Remote(round % 50_000);
            var outcome = peer.Agent.HandleDatagram(peer.Now, ScriptedPeer.Local, from, messages[round % messages.Length]);
            Assert.NotEqual(StunOutcome.RequestAccepted, outcome);
        }

        peer.Drain();
        Assert.Empty(peer.Answers);
        Assert.Empty(peer.Checks);
        Assert.False(peer.Agent.IsAuthenticatedPair(ScriptedPeer.Local, ScriptedPeer.Remote(0)));
        Assert.Equal(100_000, peer.Agent.Counters.BadIntegrity + peer.Agent.Counters.NotForUs + peer.Agent.Counters.Malformed);
        Assert.Equal(IceState.Checking, peer.Agent.State);
    }

    [Fact]
    public void A_wrong_fingerprint_is_dropped_and_a_missing_one_is_not()
    {
        var peer = new ScriptedPeer();
        var bad = peer.Request();
        bad[^1] ^= 1;
        Assert.Equal(StunOutcome.Malformed, peer.Deliver(1, bad));
        Assert.Equal(StunOutcome.RequestAccepted, peer.Deliver(1, peer.Request(fingerprint: false)));
    }

    [Fact]
    public void Required_attributes_that_nobody_knows_are_named_in_a_420()
    {
        var peer = new ScriptedPeer();
        Assert.Equal(StunOutcome.UnknownAttribute, peer.Deliver(1, peer.Request(extra: (StunAttributeType)0x7ABC)));
        Assert.Equal(420, Assert.Single(peer.Answers).Code);
        Assert.Equal(StunOutcome.RequestAccepted, peer.Deliver(1, peer.Request(extra: StunAttributeType.NetworkCost)));
    }

    [Fact]
    public void Checks_before_the_remote_description_are_answered_and_acted_on_when_it_comes()
    {
        var peer = new ScriptedPeer(signal: false);
        Assert.Equal(StunOutcome.RequestAccepted, peer.Check(1, useCandidate: true));
        peer.Deliver(2, peer.Request(username: $"{peer.Agent.LocalUfrag}:someoneelse"));
        Assert.Equal(2, peer.Answers.Count);
        Assert.Empty(peer.Checks);
        Assert.True(peer.Agent.IsAuthenticatedPair(ScriptedPeer.Local, ScriptedPeer.Remote(1)));

        Assert.True(peer.Agent.SetRemoteCredentials(peer.Now, ScriptedPeer.Ufrag, ScriptedPeer.Password));
        peer.AnswerAll();

        Assert.Equal(ScriptedPeer.Remote(1), peer.Selected);
        Assert.False(peer.Agent.IsAuthenticatedPair(ScriptedPeer.Local, ScriptedPeer.Remote(2)));
    }

    [Fact]
    public void Early_checks_from_a_thousand_addresses_are_remembered_up_to_32()
    {
        var peer = new ScriptedPeer(signal: false);
        for (var i = 0; i < 1000; i++)
        {
            peer.Check(i);
        }

        Assert.Equal(32, Enumerable.Range(0, 1000).Count(i => peer.Agent.IsAuthenticatedPair(ScriptedPeer.Local, ScriptedPeer.Remote(i))));
        Assert.Equal(1000, peer.Answers.Count);
    }

    [Fact]
    public void Peer_reflexive_candidates_are_bounded_at_32_and_the_first_still_connects()
    {
        var peer = new ScriptedPeer();
        for (var i = 0; i < 1000; i++)
        {
            peer.Check(i);
        }

        Assert.Equal(32, Enumerable.Range(0, 1000).Count(i => peer.Agent.IsAuthenticatedPair(ScriptedPeer.Local, ScriptedPeer.Remote(i))));
        peer.Check(0, useCandidate: true);
        peer.Pass(3);
        Assert.Equal(ScriptedPeer.Remote(0), peer.Selected);
    }

    [Theory]
    [InlineData(ulong.MaxValue, 487, nameof(IceRole.Controlled))]
    [InlineData(0ul, 200, nameof(IceRole.Controlling))]
    public void Two_controlled_agents_the_smaller_tie_breaker_stays_controlled(ulong theirs, int answer, string role)
    {
        // Ours is neither 0 nor the maximum. The larger one takes over control.
        var peer = new ScriptedPeer();
        peer.Deliver(1, peer.Request(controlling: false, tieBreaker: theirs));
        Assert.Equal(answer, Assert.Single(peer.Answers).Code);
        Assert.Equal(role, peer.Agent.Role.ToString());
    }

    [Theory]
    [InlineData(ulong.MaxValue, 200, nameof(IceRole.Controlled))]
    [InlineData(0ul, 487, nameof(IceRole.Controlling))]
    public void Two_controlling_agents_the_larger_tie_breaker_stays_in_control(ulong theirs, int answer, string role)
    {
        var peer = new ScriptedPeer(IceRole.Controlling);
        peer.Deliver(1, peer.Request(tieBreaker: theirs));
        Assert.Equal(answer, Assert.Single(peer.Answers).Code);
        Assert.Equal(role, peer.Agent.Role.ToString());
    }

    [Fact]
    public void A_487_makes_the_agent_change_its_role_and_check_again()
    {
        var peer = new ScriptedPeer(IceRole.Controlling);
        peer.Agent.AddRemoteCandidate(peer.Now, IceCandidate.Host(ScriptedPeer.Remote(1), 1));
        peer.Drain();
        var check = Assert.Single(peer.Checks);
        Assert.True(check.Controlling);
        peer.Checks.Clear();

        peer.Deliver(1, peer.Response(check.Id, code: 487));
        peer.Pass(0.1, answer: false);

        Assert.Equal(IceRole.Controlled, peer.Agent.Role);
        Assert.False(Assert.Single(peer.Checks).Controlling);
        Assert.Contains(peer.Events, e => e.Kind == IceEventKind.RoleChanged && e.Role == IceRole.Controlled);
    }

    [Fact]
    public void Random_and_mutated_datagrams_in_every_state_never_throw()
    {
        var random = new Random(8445);
        foreach (var stage in new[] { 0, 1, 2 })
        {
            var peer = new ScriptedPeer(signal: stage > 0);
            if (stage == 2)
            {
                peer.Check(1, useCandidate: true);
                peer.AnswerAll();
                Assert.Equal(IceState.Connected, peer.Agent.State);
            }

            for (var round = 0; round < 10_000; round++)
            {
                var bytes = round % 2 == 0 ? peer.Request(useCandidate: random.Next(2) == 0) : peer.Response(new StunTransactionId(1, 2));
                for (var changes = random.Next(1, 4); changes > 0; changes--)
                {
                    bytes[random.Next(bytes.Length)] = (byte)random.Next(256);
                }

                peer.Deliver(random.Next(100), bytes.AsSpan(0, random.Next(4) == 0 ? random.Next(bytes.Length) : bytes.Length));
            }

            Assert.Equal(stage == 2 ? IceState.Connected : stage == 1 ? IceState.Checking : IceState.New, peer.Agent.State);
        }
    }

    [Fact]
    public void Answering_checks_and_keeping_consent_allocates_nothing()
    {
        var peer = new ScriptedPeer();
        peer.Check(1, useCandidate: true);
        peer.AnswerAll();
        Assert.Equal(IceState.Connected, peer.Agent.State);
        var request = peer.Request();
        var buffer = new byte[IceLimits.MaxMessageSize];
        Round(100);

        Assert.Equal(0, SteadyState.LeastAllocated(() => Round(100)));
        Assert.InRange(peer.Agent.Counters.ChecksSent, 200, 5000);

        void Round(int count)
        {
            for (var i = 0; i < count; i++)
            {
                peer.Now += TimeSpan.FromMilliseconds(100);
                peer.Agent.HandleTimeout(peer.Now);
                if (peer.Agent.NextTimeout - peer.Now > TimeSpan.FromSeconds(1))
                {
                    peer.Now = peer.Agent.NextTimeout;
                    peer.Agent.HandleTimeout(peer.Now);
                }

                peer.Agent.HandleDatagram(peer.Now, ScriptedPeer.Local, ScriptedPeer.Remote(1), request);
                while (peer.Agent.PollTransmit(buffer, out var length, out _, out _))
                {
                    if (buffer[0] == 0)
                    {
                        Answer(buffer.AsSpan(0, length));
                    }
                }
            }
        }

        void Answer(ReadOnlySpan<byte> check)
        {
            Span<byte> answer = stackalloc byte[200];
            var writer = new StunWriter(answer, StunClass.SuccessResponse, StunMethod.Binding, StunTransactionId.Read(check[8..]));
            writer.AddXorAddress(StunAttributeType.XorMappedAddress, ScriptedPeer.Local);
            writer.AddMessageIntegrity("peerpasswordpeerpassword"u8);
            writer.AddFingerprint();
            peer.Agent.HandleDatagram(peer.Now, ScriptedPeer.Local, ScriptedPeer.Remote(1), answer[..writer.Length]);
        }
    }

    [Fact]
    public void Misuse_is_named()
    {
        var agent = new ScriptedPeer().Agent;
        var small = Assert.Throws<ArgumentException>(() => agent.PollTransmit(new byte[100], out _, out _, out _));
        Assert.Contains("640", small.Message);
        var slow = new IceAgentOptions { Pacing = TimeSpan.FromSeconds(2) };
        var range = Assert.Throws<ArgumentOutOfRangeException>(() => new IceAgent(slow, new SeededRandom(1)));
        Assert.Contains("0.005 to 1 seconds", range.Message);
        var closed = new ScriptedPeer().Agent;
        closed.Close();
        Assert.Throws<InvalidOperationException>(() => closed.Restart(TimeSpan.Zero));
        Assert.Equal(TimeSpan.MaxValue, closed.NextTimeout);
    }

    [Fact]
    public void Credentials_have_the_lengths_and_characters_of_RFC_8839()
    {
        var seen = new HashSet<string>();
        for (var i = 0; i < 100; i++)
        {
            var agent = new IceAgent(new IceAgentOptions(), CryptographicRandom.Instance);
            Assert.Matches("^[A-Za-z0-9+/]{8}$", agent.LocalUfrag);
            Assert.Matches("^[A-Za-z0-9+/]{24}$", agent.LocalPassword);
            Assert.True(seen.Add(agent.LocalUfrag) && seen.Add(agent.LocalPassword));
        }
    }
}

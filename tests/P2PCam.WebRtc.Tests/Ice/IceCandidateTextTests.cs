using P2PCam.TestKit;
using P2PCam.WebRtc.Ice;
using P2PCam.WebRtc.Wire;

namespace P2PCam.WebRtc.Tests.Ice;

public sealed class IceCandidateTextTests
{
    [Theory]
    [InlineData("candidate:842163049 1 udp 1677729535 203.0.113.7 46154 typ srflx raddr 10.0.0.5 rport 46154 "
        + "generation 0 ufrag EEtu network-id 3 network-cost 10")]
    [InlineData("a=candidate:842163049 1 UDP 1677729535 203.0.113.7 46154 typ srflx raddr 10.0.0.5 rport 46154\r\n")]
    [InlineData("842163049 1 udp 1677729535 203.0.113.7 46154 typ srflx raddr 10.0.0.5 rport 46154")]
    [InlineData("A= Candidate:842163049 1 Udp 1677729535 203.0.113.7 46154 Typ SRFLX raddr 10.0.0.5 rport 46154")]
    [InlineData("candidate:842163049\t1\tudp 1677729535  203.0.113.7\t46154 typ\tsrflx raddr\t10.0.0.5 rport 46154\t")]
    public void TryParse_browser_forms_agree(string text)
    {
        Assert.True(IceCandidateText.TryParse(text, out var candidate));

        Assert.Equal("842163049", candidate.Foundation);
        Assert.Equal(1, candidate.Component);
        Assert.Equal(IceTransport.Udp, candidate.Transport);
        Assert.Equal(1677729535u, candidate.Priority);
        Assert.Equal(TransportAddress.FromIPv4(0xCB007107, 46154), candidate.Address);
        Assert.Equal(IceCandidateType.ServerReflexive, candidate.Type);
        Assert.Equal(TransportAddress.FromIPv4(0x0A000005, 46154), candidate.RelatedAddress);
        Assert.Equal(
            "candidate:842163049 1 udp 1677729535 203.0.113.7 46154 typ srflx raddr 10.0.0.5 rport 46154",
            IceCandidateText.Format(candidate));
    }

    [Theory]
    [InlineData("candidate:1 1 udp 2122260223 6e3a3b7c-2d5e-4a3c-9a3f.local 54321 typ host", "6e3a3b7c-2d5e-4a3c-9a3f.local")]
    [InlineData("candidate:1 1 udp 2122260223 192.168.1.4 54321 typ host", null)]
    [InlineData("candidate:1 1 udp 2122260223 fe80::1c2d:3e4f 54321 typ host", null)]
    [InlineData("candidate:1 1 tcp 1518280447 192.168.1.4 9 typ host tcptype active", null)]
    [InlineData("candidate:4 1 udp 1 2001:db8::7 3478 typ relay raddr 0.0.0.0 rport 0", null)]
    public void Format_undoes_TryParse(string text, string? hostName)
    {
        Assert.True(IceCandidateText.TryParse(text, out var candidate));

        Assert.Equal(hostName, candidate.HostName);
        Assert.Equal(text, IceCandidateText.Format(candidate));
    }

    [Theory]
    [InlineData("")]
    [InlineData("candidate:")]
    [InlineData("candidate:1 1 udp 1 1.2.3.4 5")]
    [InlineData("candidate:1 1 udp 1 1.2.3.4 5 typ")]
    [InlineData("candidate:1 1 udp 1 1.2.3.4 5 typ alien")]
    [InlineData("candidate:1 1 sctp 1 1.2.3.4 5 typ host")]
    [InlineData("candidate:1 0 udp 1 1.2.3.4 5 typ host")]
    [InlineData("candidate:1 257 udp 1 1.2.3.4 5 typ host")]
    [InlineData("candidate:1 1 udp -1 1.2.3.4 5 typ host")]
    [InlineData("candidate:1 1 udp 4294967296 1.2.3.4 5 typ host")]
    [InlineData("candidate:1 1 udp 1 1.2.3.4 65536 typ host")]
    [InlineData("candidate:1 1 udp 1 1.2.3 5 typ host")]
    [InlineData("candidate:1 1 udp 1 1.2.3.4.5 5 typ host")]
    [InlineData("candidate:1 1 udp 1 1.2.3.256 5 typ host")]
    [InlineData("candidate:1 1 udp 1 010.2.3.4 5 typ host")]
    [InlineData("candidate:1 1 udp 1 0x7f000001 5 typ host extra")]
    [InlineData("candidate:1 1 udp 1 2130706433 5 typ host")]
    [InlineData("candidate:1 1 udp 1 [::1] 5 typ host")]
    [InlineData("candidate:1 1 udp 1 fe80::1%eth0 5 typ host")]
    [InlineData("candidate:1 1 udp 1 evil.example/..%2f 5 typ host")]
    [InlineData("candidate:\0 1 udp 1 1.2.3.4 5 typ host")]
    [InlineData("candidate:123456789012345678901234567890123 1 udp 1 1.2.3.4 5 typ host")]
    public void TryParse_what_is_no_candidate_is_refused_or_at_most_a_name(string text)
    {
        var parsed = IceCandidateText.TryParse(text, out var candidate);

        Assert.True(!parsed || (candidate.HostName == "0x7f000001" && candidate.Address.Address == 0), text);
    }

    [Fact]
    public void TryParse_mutations_and_long_text_never_throw()
    {
        const string Seed =
            "candidate:842163049 1 udp 1677729535 2001:db8::7 46154 typ srflx raddr 10.0.0.5 rport 46154 tcptype active generation 0";
        var random = new Random(8839);
        var parsed = 0;
        for (var round = 0; round < 20_000; round++)
        {
            var text = Seed.ToCharArray();
            for (var changes = random.Next(1, 5); changes > 0; changes--)
            {
                text[random.Next(text.Length)] = random.Next(3) == 0 ? (char)random.Next(0x10000) : " :.%0123456789abcdef"[random.Next(20)];
            }

            if (IceCandidateText.TryParse(text.AsSpan(0, random.Next(text.Length + 1)), out var candidate))
            {
                parsed++;
                Assert.True(IceCandidateText.TryParse(IceCandidateText.Format(candidate), out var again));
                Assert.Equal(candidate, again);
            }
        }

        Assert.InRange(parsed, 100, 19_000);
        Assert.False(IceCandidateText.TryParse(Seed + new string(' ', 2000), out _));
    }

    [VectorsFact]
    public void Candidates_in_recorded_session_descriptions_parse()
    {
        var lines = Directory.EnumerateFiles(Path.Combine(Repository.Vectors!, "sdp"), "*", SearchOption.AllDirectories)
            .SelectMany(File.ReadLines).Where(l => l.StartsWith("a=candidate:", StringComparison.Ordinal)).ToList();
        var refused = lines.Where(l => !IceCandidateText.TryParse(l, out _)).ToList();

        Assert.InRange(lines.Count, 20, 100_000);
        Assert.InRange(refused.Count, 0, lines.Count / 20);
    }

    [Fact]
    public void Priorities_are_those_of_the_RFC()
    {
        Assert.Equal(2130706431u, IcePriority.Compute(IceCandidateType.Host, 65535));
        Assert.Equal(1694498815u, IcePriority.Compute(IceCandidateType.ServerReflexive, 65535));
        Assert.Equal(1862270975u, IcePriority.AsPeerReflexive(2130706431));
        Assert.Equal(((ulong)5 << 32) + 2 * 9 + 1, IcePriority.Pair(9, 5));
        Assert.Equal(((ulong)5 << 32) + 2 * 9, IcePriority.Pair(5, 9));
        var preferences =
            from rank in new[] { 0, 1 } from isIPv6 in new[] { true, false } select (int)IcePriority.LocalPreference(rank, isIPv6);
        Assert.Equal([65535, 65534, 65533, 65532], preferences);
    }

    [Fact]
    public void Foundations_are_equal_for_one_base_address_only()
    {
        var a = TransportAddress.FromIPv4(0xC0A80101, 1);
        var b = TransportAddress.FromIPv4(0xC0A80102, 1);
        Assert.Equal(IceFoundation.Compute(IceCandidateType.Host, a), IceFoundation.Compute(IceCandidateType.Host, a with { Port = 2 }));
        Assert.NotEqual(IceFoundation.Compute(IceCandidateType.Host, a), IceFoundation.Compute(IceCandidateType.ServerReflexive, a));
        Assert.NotEqual(IceFoundation.Compute(IceCandidateType.Host, a), IceFoundation.Compute(IceCandidateType.Host, b));
    }
}

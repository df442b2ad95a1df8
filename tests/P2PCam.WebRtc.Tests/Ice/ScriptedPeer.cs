using P2PCam.TestKit.Simulation;
using P2PCam.WebRtc.Ice;
using P2PCam.WebRtc.Stun;
using P2PCam.WebRtc.Wire;

namespace P2PCam.WebRtc.Tests.Ice;

/// <summary>An agent under test, and a peer that sends exactly what a test tells it to.</summary>
internal sealed class ScriptedPeer
{
    public const string Ufrag = "peer";
    public const string Password = "peerpasswordpeerpassword";

    private readonly byte[] _buffer = new byte[2048];
    private uint _nextId = 1;

    public ScriptedPeer(IceRole role = IceRole.Controlled, bool signal = true)
    {
        Agent = new IceAgent(new IceAgentOptions { Role = role }, new SeededRandom(7));
        Agent.AddLocalCandidate(Now, IceCandidate.Host(Local, 65535));
        if (signal)
        {
            Assert.True(Agent.SetRemoteCredentials(Now, Ufrag, Password));
        }
    }

    public static TransportAddress Local { get; } = TransportAddress.FromIPv4(0xC0A80101, 3000);

    public IceAgent Agent { get; }

    public TimeSpan Now { get; set; } = TimeSpan.FromSeconds(1000);

    public List<IceEvent> Events { get; } = [];

    /// <summary>Requests of the agent that are not answered yet.</summary>
    public List<(StunTransactionId Id, TransportAddress Remote, bool UseCandidate, bool Controlling)> Checks { get; } = [];

    /// <summary>What the agent answered: 200 for success, else the error code.</summary>
    public List<(int Code, TransportAddress Remote)> Answers { get; } = [];

    public static TransportAddress Remote(int number) => TransportAddress.FromIPv4(0xC0A80200u + (uint)number, 50000);

    public TransportAddress? Selected => Agent.TryGetSelectedPair(out _, out var remote) ? remote : null;

    public byte[] Request(bool useCandidate = false, uint priority = 1_000_000, ulong tieBreaker = 1, bool controlling = true,
        string? username = null, string? password = null, bool fingerprint = true, StunAttributeType? extra = null)
    {
        var writer = new StunWriter(_buffer, StunClass.Request, StunMethod.Binding, new StunTransactionId(77, _nextId++));
        writer.AddText(StunAttributeType.Username, username ?? $"{Agent.LocalUfrag}:{Ufrag}");
        writer.AddUInt32(StunAttributeType.Priority, priority);
        writer.AddUInt64(controlling ? StunAttributeType.IceControlling : StunAttributeType.IceControlled, tieBreaker);
        if (useCandidate)
        {
            writer.AddFlag(StunAttributeType.UseCandidate);
        }

        if (extra is { } type)
        {
            writer.AddFlag(type);
        }

        writer.AddMessageIntegrity(StunIntegrity.ShortTermKey(password ?? Agent.LocalPassword));
        if (fingerprint)
        {
            writer.AddFingerprint();
        }

        return _buffer[..writer.Length];
    }

    public StunOutcome Check(int from, bool useCandidate = false, uint priority = 1_000_000) =>
        Deliver(from, Request(useCandidate, priority));

    public StunOutcome Deliver(int from, ReadOnlySpan<byte> datagram)
    {
        var outcome = Agent.HandleDatagram(Now, Local, Remote(from), datagram);
        Drain();
        return outcome;
    }

    /// <summary>A success whose only attributes are those of integrity and fingerprint, or one more.</summary>
    public byte[] BareResponse(StunTransactionId id, StunAttributeType? type = null, byte[]? value = null)
    {
        var writer = new StunWriter(_buffer, StunClass.SuccessResponse, StunMethod.Binding, id);
        if (type is { } extra)
        {
            writer.Add(extra, value);
        }

        writer.AddMessageIntegrity(StunIntegrity.ShortTermKey(Password));
        writer.AddFingerprint();
        return _buffer[..writer.Length];
    }

    public byte[] Response(StunTransactionId id, string password = Password, int code = 200)
    {
        var writer = new StunWriter(_buffer, code == 200 ? StunClass.SuccessResponse : StunClass.ErrorResponse, StunMethod.Binding, id);
        if (code == 200)
        {
            writer.AddXorAddress(StunAttributeType.XorMappedAddress, Local);
        }
        else
        {
            writer.AddErrorCode(code, "");
        }

        writer.AddMessageIntegrity(StunIntegrity.ShortTermKey(password));
        writer.AddFingerprint();
        return _buffer[..writer.Length];
    }

    /// <summary>Answers every check that is waiting, from where it was sent to.</summary>
    public void AnswerAll(Func<TransportAddress, bool>? only = null)
    {
        Drain();
        foreach (var check in Checks.Where(c => only?.Invoke(c.Remote) ?? true).ToArray())
        {
            Checks.Remove(check);
            Agent.HandleDatagram(Now, Local, check.Remote, Response(check.Id));
        }

        Drain();
    }

    /// <summary>Lets time pass in steps of 10 ms, answering after each step if told to.</summary>
    public void Pass(double seconds, bool answer = true)
    {
        for (var end = Now + TimeSpan.FromSeconds(seconds); Now < end;)
        {
            Now += TimeSpan.FromMilliseconds(10);
            Agent.HandleTimeout(Now);
            Drain();
            if (answer)
            {
                AnswerAll();
            }
        }
    }

    public void Drain()
    {
        var buffer = new byte[IceLimits.MaxMessageSize];
        Array.Fill(buffer, (byte)0xEE);
        while (Agent.PollTransmit(buffer, out var length, out var local, out var remote))
        {
            Assert.Equal(Local, local);
            Assert.True(StunMessage.TryParse(buffer.AsSpan(0, length), out var message) && message.VerifyFingerprint());
            if (message.Class == StunClass.Request)
            {
                Assert.True(message.VerifyIntegrity(StunIntegrity.ShortTermKey(Password)));
                Assert.True(message.TryGetUInt32(StunAttributeType.Priority, out _));
                var (nominates, controls) = (message.Has(StunAttributeType.UseCandidate), message.Has(StunAttributeType.IceControlling));
                Checks.Add((message.TransactionId, remote, nominates, controls));
            }
            else
            {
                Assert.True(message.VerifyIntegrity(StunIntegrity.ShortTermKey(Agent.LocalPassword)));
                message.TryGetErrorCode(out var code);
                var mapped = message.TryGetXorAddress(StunAttributeType.XorMappedAddress, out var address) && address == remote;
                Answers.Add((mapped ? 200 : code, remote));
            }
        }

        while (Agent.PollEvent(out var e))
        {
            Events.Add(e);
        }
    }
}

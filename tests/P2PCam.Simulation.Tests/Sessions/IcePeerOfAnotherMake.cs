using P2PCam.WebRtc.Stun;
using P2PCam.WebRtc.Wire;

namespace P2PCam.Simulation.Tests.Sessions;

/// <summary>
/// Makes one side of a call look, on the wire, like a peer with another ICE: its STUN messages are written anew with the call's own credentials. DTLS, SRTP
/// and everything else stay those of the session behind it.
/// </summary>
internal sealed class IcePeerOfAnotherMake(SimulatedCall call, TransportAddress peer)
{
    private readonly (string Ufrag, string Password) _theirs = Credentials(IsOfferer(call, peer) ? call.Offer : call.Answer);
    private readonly (string Ufrag, string Password) _ours = Credentials(IsOfferer(call, peer) ? call.Answer : call.Offer);

    /// <summary>Successes say at which address the other side is seen. FFmpeg's muxer does not.</summary>
    public bool SaysMappedAddress { get; init; } = true;

    /// <summary>Whether a check of ours is answered at all.</summary>
    public Func<bool> Answers { get; init; } = () => true;

    /// <summary>Its checks are as FFmpeg's: USERNAME and USE-CANDIDATE, without PRIORITY and role.</summary>
    public bool ChecksAsFFmpeg { get; init; }

    public bool Nominates { get; init; } = true;

    /// <summary>It sends no checks (RFC 8445 section 2.5). The session behind it is told that they were answered.</summary>
    public bool IsLite { get; init; }

    /// <summary>Checks of the side under test, and how many of them say that it is the controlling one, or nominate.</summary>
    public (int All, int Controlling, int Nominating) Checks { get; private set; }

    /// <summary>SRTCP that came to it since the last look.</summary>
    public int Feedback { get; set; }

    public IEnumerable<WireDatagram> Pass(WireDatagram datagram)
    {
        if (!StunMessage.TryParse(datagram.Bytes, out var message))
        {
            Feedback += datagram.To == peer && DatagramClassifier.Classify(datagram.Bytes) == DatagramKind.Rtcp ? 1 : 0;
            return [datagram];
        }

        return (datagram.From == peer, message.Class) switch
        {
            (true, StunClass.SuccessResponse) when !Answers() => [],
            (true, StunClass.SuccessResponse) when !SaysMappedAddress => [datagram with { Bytes = Success(message.TransactionId, _theirs.Password, null) }],
            (true, StunClass.Request) when IsLite => [new WireDatagram(datagram.To, datagram.From, Success(message.TransactionId, _ours.Password, peer))],
            (true, StunClass.Request) when ChecksAsFFmpeg || !Nominates => [datagram with { Bytes = Request(message) }],
            (false, StunClass.Request) => [Count(datagram, message)],
            _ => [datagram],
        };
    }

    private WireDatagram Count(WireDatagram datagram, in StunMessage message)
    {
        var (controlling, nominating) = (message.Has(StunAttributeType.IceControlling), message.Has(StunAttributeType.UseCandidate));
        Checks = (Checks.All + 1, Checks.Controlling + (controlling ? 1 : 0), Checks.Nominating + (nominating ? 1 : 0));
        return IsLite ? datagram with { Bytes = WithoutRole(message) } : datagram;
    }

    private byte[] Request(in StunMessage message)
    {
        var buffer = new byte[512];
        var writer = new StunWriter(buffer, StunClass.Request, StunMethod.Binding, message.TransactionId);
        writer.AddText(StunAttributeType.Username, $"{_ours.Ufrag}:{_theirs.Ufrag}");
        if (!ChecksAsFFmpeg)
        {
            writer.AddUInt32(StunAttributeType.Priority, 1_000_000);
            writer.AddUInt64(StunAttributeType.IceControlling, 1);
        }

        if (Nominates)
        {
            writer.AddFlag(StunAttributeType.UseCandidate);
        }

        return End(writer, buffer, _ours.Password);
    }

    // The session behind a lite peer believes that it is the controlling one.
    private byte[] WithoutRole(in StunMessage message)
    {
        var buffer = new byte[512];
        var writer = new StunWriter(buffer, StunClass.Request, StunMethod.Binding, message.TransactionId);
        writer.AddText(StunAttributeType.Username, $"{_theirs.Ufrag}:{_ours.Ufrag}");
        if (message.Has(StunAttributeType.UseCandidate))
        {
            writer.AddFlag(StunAttributeType.UseCandidate);
        }

        return End(writer, buffer, _theirs.Password);
    }

    private static byte[] Success(StunTransactionId id, string password, TransportAddress? mapped)
    {
        var buffer = new byte[512];
        var writer = new StunWriter(buffer, StunClass.SuccessResponse, StunMethod.Binding, id);
        if (mapped is { } address)
        {
            writer.AddXorAddress(StunAttributeType.XorMappedAddress, address);
        }

        return End(writer, buffer, password);
    }

    private static byte[] End(StunWriter writer, byte[] buffer, string password)
    {
        writer.AddMessageIntegrity(StunIntegrity.ShortTermKey(password));
        writer.AddFingerprint();
        return buffer[..writer.Length];
    }

    private static bool IsOfferer(SimulatedCall call, TransportAddress peer) =>
        call.Offer.Contains("a=sendonly", StringComparison.Ordinal) == (peer == SimulatedCall.BroadcasterAddress);

    private static (string Ufrag, string Password) Credentials(string sdp) => (Line(sdp, "a=ice-ufrag:"), Line(sdp, "a=ice-pwd:"));

    private static string Line(string sdp, string name) => sdp.Split("\r\n").First(line => line.StartsWith(name, StringComparison.Ordinal))[name.Length..];
}

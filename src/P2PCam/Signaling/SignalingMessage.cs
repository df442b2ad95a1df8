using System.Text;
using System.Text.Json.Serialization;

namespace P2PCam;

/// <summary>
/// One message between participants; docs/protocols/signaling.md shows the JSON form of each. <see cref="Peer"/> names the viewer that a
/// broadcaster's message is for or that a message to the broadcaster came from; viewers neither set nor see it.
/// </summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "type", UnknownDerivedTypeHandling = JsonUnknownDerivedTypeHandling.FailSerialization)]
[JsonDerivedType(typeof(HelloMessage), "hello")]
[JsonDerivedType(typeof(WelcomeMessage), "welcome")]
[JsonDerivedType(typeof(OfferMessage), "offer")]
[JsonDerivedType(typeof(AnswerMessage), "answer")]
[JsonDerivedType(typeof(CandidateMessage), "candidate")]
[JsonDerivedType(typeof(EndOfCandidatesMessage), "end-of-candidates")]
[JsonDerivedType(typeof(CameraStateMessage), "camera")]
[JsonDerivedType(typeof(PeerJoinedMessage), "peer-joined")]
[JsonDerivedType(typeof(PeerLeftMessage), "peer-left")]
[JsonDerivedType(typeof(ByeMessage), "bye")]
[JsonDerivedType(typeof(ErrorMessage), "error")]
public abstract record SignalingMessage
{
    /// <summary>The viewer that this message is for or from; null in a viewer's own view and in messages to everyone.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Peer { get; init; }
}

/// <summary>First message of a connection: what the sender wants to be.</summary>
public sealed record HelloMessage(string Stream, SignalingRole Role, int Version = SignalingLimits.ProtocolVersion, string? Token = null) : SignalingMessage
{
    /// <inheritdoc />
    protected override bool PrintMembers(StringBuilder builder)
    {
        builder.Append(System.Globalization.CultureInfo.InvariantCulture, $"Stream = {Stream}, Role = {Role}, Version = {Version}, Token = {(Token is null ? "none" : "(hidden)")}");
        return true;
    }
}

/// <summary>The reply to a hello: the participant's own id.</summary>
public sealed record WelcomeMessage(string PeerId, int Version = SignalingLimits.ProtocolVersion) : SignalingMessage
{
    /// <summary>STUN and TURN servers for this participant only; null where there are none.</summary>
    public IReadOnlyList<IceServer>? IceServers { get; init; }
}

/// <summary>A viewer's SDP offer.</summary>
public sealed record OfferMessage(string Sdp) : SignalingMessage
{
    /// <inheritdoc />
    protected override bool PrintMembers(StringBuilder builder) => SdpText.PrintLength(builder, Peer, Sdp);
}

/// <summary>The broadcaster's SDP answer.</summary>
public sealed record AnswerMessage(string Sdp) : SignalingMessage
{
    /// <inheritdoc />
    protected override bool PrintMembers(StringBuilder builder) => SdpText.PrintLength(builder, Peer, Sdp);
}

/// <summary>One trickled ICE candidate (RFC 8838), in the form of RFC 8839 section 5.1.</summary>
public sealed record CandidateMessage(string Candidate, string? SdpMid = null, int? SdpMLineIndex = null) : SignalingMessage
{
    /// <inheritdoc />
    protected override bool PrintMembers(StringBuilder builder) => SdpText.PrintLength(builder, Peer, Candidate);
}

/// <summary>No more candidates will follow.</summary>
public sealed record EndOfCandidatesMessage : SignalingMessage;

/// <summary>Whether there is a camera picture to see.</summary>
public sealed record CameraStateMessage(CameraState State, string? Description = null) : SignalingMessage;

/// <summary>To the broadcaster: a viewer connected.</summary>
public sealed record PeerJoinedMessage(string? Transport = null) : SignalingMessage;

/// <summary>To the broadcaster: a viewer's signaling connection is gone; its media may live on.</summary>
public sealed record PeerLeftMessage : SignalingMessage;

/// <summary>The sender leaves on purpose.</summary>
public sealed record ByeMessage(string? Reason = null) : SignalingMessage;

/// <summary>Something the sender did cannot be served. The code is one of docs/errors.md.</summary>
public sealed record ErrorMessage(string Code, string Message) : SignalingMessage;

/// <summary>What a viewer may expect to see.</summary>
public enum CameraState
{
    /// <summary>There is no broadcaster, or its source yields nothing.</summary>
    Offline,

    /// <summary>Pictures are being sent.</summary>
    Live,

    /// <summary>A still with words is sent while the source is reopened.</summary>
    Slate,
}

internal static class SdpText
{
    // SDP and candidates hold addresses and ICE passwords: logs get their length only.
    public static bool PrintLength(StringBuilder builder, string? peer, string text)
    {
        builder.Append(System.Globalization.CultureInfo.InvariantCulture, $"Peer = {peer}, {text.Length} characters (hidden)");
        return true;
    }
}

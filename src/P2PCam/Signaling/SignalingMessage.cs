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
[JsonDerivedType(typeof(RestartMessage), "restart")]
[JsonDerivedType(typeof(CameraStateMessage), "camera")]
[JsonDerivedType(typeof(PeerJoinedMessage), "peer-joined")]
[JsonDerivedType(typeof(PeerLeftMessage), "peer-left")]
[JsonDerivedType(typeof(ByeMessage), "bye")]
[JsonDerivedType(typeof(ErrorMessage), "error")]
[JsonDerivedType(typeof(AckMessage), "ack")]
public abstract record SignalingMessage
{
    /// <summary>The viewer that this message is for or from; null in a viewer's own view and in messages to everyone.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Peer { get; init; }
}

/// <summary>First message of a connection: what the sender wants to be.</summary>
public sealed record HelloMessage(string Stream, SignalingRole Role, int Version = SignalingLimits.ProtocolVersion, string? Token = null) : SignalingMessage
{
    /// <summary>The secret of the session to resume, from its <see cref="WelcomeMessage"/>; null joins anew.</summary>
    public string? Resume { get; init; }

    /// <summary>How many messages of the session the sender has received. Whoever sets it confirms messages as they come.</summary>
    public long? Received { get; init; }

    /// <inheritdoc />
    protected override bool PrintMembers(StringBuilder builder)
    {
        builder.Append(System.Globalization.CultureInfo.InvariantCulture, $"Stream = {Stream}, Role = {Role}, Version = {Version}, Token = {(Token is null ? "none" : "(hidden)")}, Resume = {(Resume is null ? "none" : "(hidden)")}");
        return true;
    }
}

/// <summary>
/// The reply to a hello: the participant's own id. A second one in a participant's stream of messages says that its session could not be
/// resumed and it joined anew, under another id; what was on its way is lost.
/// </summary>
public sealed record WelcomeMessage(string PeerId, int Version = SignalingLimits.ProtocolVersion) : SignalingMessage
{
    /// <summary>STUN and TURN servers that this participant may use; null when there are none.</summary>
    public IReadOnlyList<IceServer>? IceServers { get; init; }

    /// <summary>128 random bits as hex that resume this session after a break; a secret.</summary>
    public string? Resume { get; init; }

    /// <summary>How long after a break the session can be resumed, in seconds.</summary>
    public int? ResumeSeconds { get; init; }

    /// <summary>Whether this goes on with the session that the hello named, rather than a new one.</summary>
    public bool? Resumed { get; init; }

    /// <summary>How many messages of the session the host has received.</summary>
    public long? Received { get; init; }

    /// <inheritdoc />
    protected override bool PrintMembers(StringBuilder builder)
    {
        builder.Append(System.Globalization.CultureInfo.InvariantCulture, $"PeerId = {PeerId}, Version = {Version}, IceServers = {IceServers?.Count ?? 0}, Resume = {(Resume is null ? "none" : "(hidden)")}, Resumed = {Resumed}");
        return true;
    }
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

/// <summary>Asks for a new offer: ICE shall restart, or begin anew. To a viewer it says "offer again"; a broadcaster answers it with one of its own.</summary>
public sealed record RestartMessage(string? Reason = null) : SignalingMessage;

/// <summary>Whether there is a camera picture to see.</summary>
public sealed record CameraStateMessage(CameraState State, string? Description = null) : SignalingMessage
{
    /// <summary>
    /// From the host, with <see cref="CameraState.Offline"/>: what this viewer has sent reached nobody, or a broadcaster that has left since. An
    /// offer without an answer will get none. A broadcaster that is there and merely has no picture does not set it.
    /// </summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool Unheard { get; init; }
}

/// <summary>To the broadcaster: a viewer connected.</summary>
public sealed record PeerJoinedMessage(string? Transport = null) : SignalingMessage;

/// <summary>To the broadcaster: a viewer's signaling connection is gone; its media may live on.</summary>
public sealed record PeerLeftMessage : SignalingMessage;

/// <summary>The sender leaves on purpose.</summary>
public sealed record ByeMessage(string? Reason = null) : SignalingMessage;

/// <summary>Something the sender did cannot be served. The code is one of docs/errors.md.</summary>
public sealed record ErrorMessage(string Code, string Message) : SignalingMessage;

/// <summary>How many messages of the session have been received; not counted itself. Between the ends of a connection only.</summary>
internal sealed record AckMessage(long Received) : SignalingMessage;

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

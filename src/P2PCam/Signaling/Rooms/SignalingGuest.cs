using System.Text.Json.Serialization;

namespace P2PCam;

/// <summary>Somebody at the door: what it said, and what was decided about it there.</summary>
internal sealed record SignalingGuest(string TransportName, HelloMessage Hello, SignalingAdmission Admission)
{
    /// <summary>How long the room keeps the session after a break, for the welcome.</summary>
    public int ResumeSeconds { get; init; }
}

/// <summary>Whether a hello may join: the code and words of a refusal, or the ICE servers that come with the welcome.</summary>
internal sealed record SignalingAdmission(string? RefusalCode = null, string? RefusalWords = null, IReadOnlyList<IceServer>? IceServers = null)
{
    /// <summary>When the participant has to leave, whatever connection it has by then; null lets it stay.</summary>
    public DateTimeOffset? ExpiresAt { get; init; }

    /// <summary>What is held for as long as the link lasts.</summary>
    [JsonIgnore]
    public IDisposable? Place { get; init; }

    public static SignalingAdmission Granted { get; } = new();
}

/// <summary>Where participants meet: in this process, or in whichever instance keeps the room.</summary>
internal interface ISignalingRooms
{
    /// <summary>Lets a guest in over its link, or back into its session, and carries its messages until the link ends. Refusals are said on the link.</summary>
    /// <param name="link">Past the hello.</param>
    /// <param name="guest">Who it is.</param>
    /// <param name="stopping">The host shuts down: the participant is told so.</param>
    /// <param name="cancellationToken">The connection is gone.</param>
    Task HostAsync(ISignalingLink link, SignalingGuest guest, CancellationToken stopping, CancellationToken cancellationToken);
}

namespace P2PCam.SignalingConformance;

/// <summary>A running host with rooms, and transports that reach it by connections that can be cut.</summary>
public interface ISignalingTestHost : IAsyncDisposable
{
    /// <summary>A new transport, not connected.</summary>
    ISignalingTransport CreateTransport();

    /// <summary>Breaks the connection of one of these transports as a pulled plug would, and keeps it from connecting.</summary>
    Task CutConnectionAsync(ISignalingTransport transport);

    /// <summary>Lets it connect again.</summary>
    Task MendConnectionAsync(ISignalingTransport transport);

    /// <summary>A bare link, which has said nothing yet.</summary>
    Task<ISignalingLink> OpenLinkAsync();

    /// <summary>Ends the host as its owner would; participants are told.</summary>
    Task StopAsync();
}

/// <summary>What a test asks of its host.</summary>
public sealed record SignalingTestSettings
{
    /// <summary>How long sessions outlive their connections.</summary>
    public TimeSpan ResumeTime { get; init; } = SignalingLimits.DefaultResumeTime;

    /// <summary>The code of the error by which a hello is refused; null lets it in.</summary>
    public Func<HelloMessage, string?> Refuse { get; init; } = _ => null;
}

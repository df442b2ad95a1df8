namespace P2PCam.AspNetCore;

/// <summary>What an <see cref="ISignalingAuthorizer"/> decided.</summary>
public sealed record SignalingDecision
{
    private SignalingDecision()
    {
    }

    /// <summary>Whether the participant may join.</summary>
    public bool IsAllowed { get; private init; }

    /// <summary>What a refused participant is told: a stable code, for example <c>P2P3109</c> or one of your own; null if allowed.</summary>
    public string? Code { get; private init; }

    /// <summary>What a refused participant is told, in words for a person; null if allowed.</summary>
    public string? Reason { get; private init; }

    /// <summary>STUN and TURN servers for this participant, besides those of the endpoint's options.</summary>
    public IReadOnlyList<IceServer> IceServers { get; init; } = [];

    /// <summary>When the participant is sent away (P2P3111); null (the default) lets it stay. A viewer's pictures end with it.</summary>
    public DateTimeOffset? ExpiresAt { get; init; }

    /// <summary>Lets the participant in.</summary>
    public static SignalingDecision Allow() => new() { IsAllowed = true };

    /// <summary>Keeps the participant out.</summary>
    /// <param name="reason">Words for the person who wanted to watch, without secrets.</param>
    /// <param name="code">A stable code that programs can compare.</param>
    public static SignalingDecision Refuse(string reason, string code = "P2P3109")
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(reason);
        ArgumentException.ThrowIfNullOrWhiteSpace(code);
        return new() { Reason = reason, Code = code };
    }
}

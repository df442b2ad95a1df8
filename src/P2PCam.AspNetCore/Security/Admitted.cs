namespace P2PCam.AspNetCore.Security;

/// <summary>Why a connection is not taken.</summary>
/// <param name="Status">The HTTP status that says so.</param>
/// <param name="Code">One of docs/errors.md.</param>
/// <param name="Words">What is wrong, and what would be right.</param>
internal readonly record struct EntryRefusal(int Status, string Code, string Words)
{
    public static EntryRefusal None => default;
}

/// <summary>What <see cref="Admission"/> decided about one participant; holds its place until disposed.</summary>
internal sealed class Admitted(SignalingDecision decision, IReadOnlyList<IceServer>? iceServers = null, IDisposable? place = null) : IDisposable
{
    /// <summary>Code and words for whom is refused; null for whom is let in.</summary>
    public (string Code, string Words)? Refusal { get; } = decision.IsAllowed ? null : (decision.Code!, decision.Reason!);

    /// <summary>What this participant gets in its welcome; null if nothing.</summary>
    public IReadOnlyList<IceServer>? IceServers { get; } = iceServers is { Count: > 0 } ? iceServers : null;

    /// <summary>When the participant has to leave; null lets it stay.</summary>
    public DateTimeOffset? ExpiresAt { get; } = decision.ExpiresAt;

    public void Dispose() => place?.Dispose();
}

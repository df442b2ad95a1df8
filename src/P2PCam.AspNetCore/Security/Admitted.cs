namespace P2PCam.AspNetCore.Security;

/// <summary>Why a connection is not taken, as an HTTP response.</summary>
internal readonly record struct EntryRefusal(int Status, string Text)
{
    public static EntryRefusal None => default;
}

/// <summary>What <see cref="Admission"/> decided about one participant; holds its place until disposed.</summary>
internal sealed class Admitted(SignalingDecision decision, IReadOnlyList<IceServer>? iceServers = null, IDisposable? place = null, TimeProvider? timeProvider = null) : IDisposable
{
    /// <summary>Code and words for whom is refused; null for whom is let in.</summary>
    public (string Code, string Words)? Refusal { get; } = decision.IsAllowed ? null : (decision.Code!, decision.Reason!);

    /// <summary>Adds to the welcome what this participant gets; other messages pass as they are.</summary>
    public SignalingMessage Complete(SignalingMessage message) =>
        message is WelcomeMessage welcome && iceServers is { Count: > 0 } ? welcome with { IceServers = iceServers } : message;

    /// <summary>Completes when the participant has to leave.</summary>
    public Task WhenExpiredAsync(CancellationToken cancellationToken)
    {
        if (decision.ExpiresAt is not { } end)
        {
            return Task.Delay(Timeout.InfiniteTimeSpan, cancellationToken);
        }

        // Further away than a timer reaches is never.
        var left = end - timeProvider!.GetUtcNow();
        var wait = left > TimeSpan.FromDays(40) ? Timeout.InfiniteTimeSpan : left < TimeSpan.Zero ? TimeSpan.Zero : left;
        return Task.Delay(wait, timeProvider, cancellationToken);
    }

    public void Dispose() => place?.Dispose();
}

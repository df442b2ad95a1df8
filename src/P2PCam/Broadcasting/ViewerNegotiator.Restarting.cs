using P2PCam.Networking;

namespace P2PCam.Broadcasting;

/// <summary>Offers for a session that is there already.</summary>
internal sealed partial class ViewerNegotiator
{
    /// <summary>Restarts ICE if the offer is of that very session, and returns the answer; null if it is one for another.</summary>
    private async Task<string?> RestartAsync(DrivenSession driven, string offer, CancellationToken cancellationToken)
    {
        var done = new TaskCompletionSource<string?>(TaskCreationOptions.RunContinuationsAsynchronously);
        loop.Post(() => done.TrySetResult(driven.Session.TryRestart(loop.Now, offer, out var answer, out _) ? answer : null));
        return await done.Task.WaitAsync(cancellationToken);
    }
}

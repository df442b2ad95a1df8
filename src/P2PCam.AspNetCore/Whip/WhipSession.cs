using P2PCam.Sources.Browser;

namespace P2PCam.AspNetCore.Whip;

/// <summary>A browser that publishes.</summary>
internal sealed class WhipSession(string offer, string? token, BrowserPublisher publisher) : HttpSession(offer, token)
{
    /// <summary>Done when nothing of it is left, whoever ended it.</summary>
    public Task Ended => publisher.Ended;

    public override async Task EndAsync()
    {
        publisher.Close("it left");
        await publisher.Ended;
    }

    protected override Task TrickleAsync(SdpFragment fragment, CancellationToken cancellationToken)
    {
        foreach (var candidate in fragment.Candidates)
        {
            publisher.AddCandidate(candidate);
        }

        if (fragment.HasEndOfCandidates)
        {
            publisher.SetEndOfCandidates();
        }

        return Task.CompletedTask;
    }

    protected override async Task<PatchOutcome> RestartAsync(string offer, SdpFragment fragment, CancellationToken cancellationToken) =>
        await publisher.RestartAsync(fragment.Ufrag!, fragment.Password!, fragment.Candidates) is { } ice
            ? new PatchOutcome { Fragment = SdpFragment.Format(ice.Ufrag, ice.Password, IceParameters.Read(offer)?.Mid, ice.Candidates) }
            : new PatchOutcome { Problem = CannotRestart };
}

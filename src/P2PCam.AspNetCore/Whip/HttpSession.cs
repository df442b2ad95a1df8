using System.Security.Cryptography;

namespace P2PCam.AspNetCore.Whip;

/// <summary>
/// What a POST made, WHIP's or WHEP's: a resource with an address of its own that PATCH changes and DELETE ends. Its entity tag names its ICE
/// session, and is another one after each restart (RFC 9725 section 4.3.1).
/// </summary>
internal abstract class HttpSession(string offer, string? token) : IDisposable
{
    private readonly SemaphoreSlim _turn = new(1, 1);

    /// <summary>128 random bits: knowing it is the right to use it, together with the token that made it.</summary>
    public string Id { get; } = NewSecret();

    public string ETag { get; private set; } = $"\"{NewSecret()}\"";

    /// <summary>The other side's offer as it stands after restarts.</summary>
    protected string Offer { get; private set; } = offer;

    /// <summary>Who may use it.</summary>
    public SessionOwner Owner { get; } = new(token);

    /// <summary>One PATCH at a time.</summary>
    public async Task<PatchOutcome> PatchAsync(SdpFragment fragment, IReadOnlyList<string> ifMatch, CancellationToken cancellationToken)
    {
        await _turn.WaitAsync(cancellationToken);
        try
        {
            // The tag names the ICE session, and so do its credentials: who shows these needs no tag beside them. Some clients send none (npm's whip-whep).
            var current = IceParameters.Read(Offer);
            var isOfThisIce = current is not null && fragment.Ufrag == current.Ufrag && fragment.Password == current.Password;
            if (ifMatch.Count == 0 && !isOfThisIce)
            {
                return new PatchOutcome { Problem = NoTag };
            }

            if (ifMatch.Count > 0 && !ifMatch.Any(tag => tag == "*" || tag == ETag))
            {
                return new PatchOutcome { Problem = new Problem(412, "P2P3307", "The entity tag in If-Match is not this session's: ICE was restarted in between, or it is another session's.") };
            }

            if (isOfThisIce || fragment is not { Ufrag: { } ufrag, Password: { } password })
            {
                await TrickleAsync(fragment, cancellationToken);
                return new PatchOutcome();
            }

            if (!IceParameters.AreValid(ufrag, password))
            {
                return new PatchOutcome { Problem = CannotRestart };
            }

            var offer = IceParameters.Replace(Offer, ufrag, password, fragment.Candidates);
            var outcome = await RestartAsync(offer, fragment, cancellationToken);
            if (outcome.Fragment is not null)
            {
                (Offer, ETag) = (offer, $"\"{NewSecret()}\"");
            }

            return outcome;
        }
        finally
        {
            _turn.Release();
        }
    }

    private static Problem NoTag { get; } =
        new(428, "P2P3306", "If-Match is missing: the session's ETag for candidates, or * for an ICE restart. Candidates with the session's own ice-ufrag and ice-pwd need none.");

    protected static Problem CannotRestart { get; } = SdpPost.Unusable("ICE was not restarted: ice-ufrag and ice-pwd are not of the form that RFC 8839 section 5.4 gives, or the session is at its end. It goes on as it was.", "P2P3317");

    /// <summary>Ends it, and frees what it holds.</summary>
    public abstract Task EndAsync();

    public virtual void Dispose() => _turn.Dispose();

    /// <summary>Hands on candidates; what is no use to whoever gets them is left out there.</summary>
    protected abstract Task TrickleAsync(SdpFragment fragment, CancellationToken cancellationToken);

    /// <summary>Restarts ICE. On failure the session lives on as it is.</summary>
    /// <param name="offer">The whole offer with the new credentials and candidates.</param>
    /// <param name="fragment">These alone.</param>
    /// <param name="cancellationToken">The request is gone.</param>
    protected abstract Task<PatchOutcome> RestartAsync(string offer, SdpFragment fragment, CancellationToken cancellationToken);

    private static string NewSecret() => RandomNumberGenerator.GetHexString(32, lowercase: true);
}

/// <summary>What became of a PATCH: a problem, or the fragment that answers a restart, or nothing, for candidates that were taken.</summary>
internal readonly record struct PatchOutcome
{
    public Problem? Problem { get; init; }

    public string? Fragment { get; init; }
}

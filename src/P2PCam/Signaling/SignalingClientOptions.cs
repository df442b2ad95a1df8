namespace P2PCam;

/// <summary>What the options of all dialling transports have in common.</summary>
internal static class SignalingClientOptions
{
    private static readonly TimeSpan LeastTimeout = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LongestTimeout = TimeSpan.FromSeconds(120);
    private const int MostCharacters = 64; // what ViewerPin takes at the host

    /// <exception cref="ArgumentException">A value is out of its range.</exception>
    public static void Check(TimeSpan connectTimeout, string? pin)
    {
        if (connectTimeout < LeastTimeout || connectTimeout > LongestTimeout)
        {
            throw new ArgumentOutOfRangeException(nameof(connectTimeout), connectTimeout, $"ConnectTimeout is {Words.Duration(connectTimeout)}; it takes 1 to 120 s.");
        }

        if (pin is { Length: 0 or > MostCharacters })
        {
            throw new ArgumentException($"Pin has {pin.Length} characters; it takes 1 to {MostCharacters}, as the host shows it, or null for none.", nameof(pin));
        }
    }

    /// <summary>What is shown to the host: the join's own token, the provider's, or the PIN, which travels in the same place.</summary>
    public static async ValueTask<string?> ProofAsync(
        SignalingJoin? join, Func<CancellationToken, ValueTask<string?>>? provider, string? pin, CancellationToken cancellationToken) =>
        join?.AccessToken ?? (provider is null ? null : await provider(cancellationToken)) ?? pin;
}

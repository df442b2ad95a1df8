namespace P2PCam.AspNetCore.Proxies;

/// <summary>Marks a request whose proxy said which part of the path it cut off: <c>PathBase</c> is then what the browser sees.</summary>
internal sealed class ForwardedPrefixFeature
{
    public static ForwardedPrefixFeature Instance { get; } = new();
}

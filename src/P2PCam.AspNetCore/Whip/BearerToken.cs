using Microsoft.AspNetCore.Http;

namespace P2PCam.AspNetCore.Whip;

/// <summary>The token of <c>Authorization: Bearer</c> (RFC 6750 section 2.1). It is never taken from the query, which ends up in logs.</summary>
internal static class BearerToken
{
    private const string Scheme = "Bearer ";

    /// <summary>Null if there is none.</summary>
    public static string? Of(HttpRequest request) =>
        request.Headers.Authorization is [{ } header] && header.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase) && header[Scheme.Length..].Trim() is { Length: > 0 } token
            ? token
            : null;
}

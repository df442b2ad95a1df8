using System.Net.Http.Headers;

namespace P2PCam.Publishing;

/// <summary>What a response says that it is (RFC 9110 section 8.3.1: type and subtype have no case, parameters are no part of them).</summary>
internal static class MediaTypes
{
    public const string Sdp = "application/sdp";
    public const string Problem = "application/problem+json";

    public static bool Is(MediaTypeHeaderValue? given, string mediaType) => string.Equals(given?.MediaType?.Trim(), mediaType, StringComparison.OrdinalIgnoreCase);
}

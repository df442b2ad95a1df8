using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.WebUtilities;
using P2PCam.AspNetCore.Security;

namespace P2PCam.AspNetCore.Whip;

/// <summary>A refusal as <c>application/problem+json</c> (RFC 9457), with the error's code besides.</summary>
/// <param name="Status">The HTTP status.</param>
/// <param name="Code">One of docs/errors.md.</param>
/// <param name="Words">What is wrong, and what would be right.</param>
internal sealed record Problem(int Status, string Code, string Words)
{
    /// <summary>For a page of another origin.</summary>
    public static Problem Foreign(HttpRequest request) => new(StatusCodes.Status403Forbidden, "P2P3004", OriginGate.Explain(request));

    public const string ContentType = "application/problem+json";

    /// <summary>For whoever may come again, when; null sends no Retry-After.</summary>
    public int? RetryAfterSeconds { get; init; }

    public async Task WriteAsync(HttpContext context)
    {
        var response = context.Response;
        response.StatusCode = Status;
        response.Headers.CacheControl = "no-store";
        if (RetryAfterSeconds is { } seconds)
        {
            response.Headers.RetryAfter = seconds.ToString(System.Globalization.CultureInfo.InvariantCulture);
        }

        if (Status == StatusCodes.Status401Unauthorized)
        {
            response.Headers.WWWAuthenticate = "Bearer";
        }

        if (HttpMethods.IsHead(context.Request.Method))
        {
            return;
        }

        response.ContentType = ContentType;
        await using var json = new Utf8JsonWriter(response.BodyWriter);
        json.WriteStartObject();
        json.WriteString("type", "about:blank");
        json.WriteString("title", ReasonPhrases.GetReasonPhrase(Status));
        json.WriteNumber("status", Status);
        json.WriteString("detail", $"{Code}: {Words}");
        json.WriteString("code", Code);
        json.WriteEndObject();
        await json.FlushAsync(context.RequestAborted);
    }
}

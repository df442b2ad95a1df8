using System.Net.Http.Headers;
using System.Text;

namespace P2PCam.AspNetCore.Tests.Whip;

/// <summary>The requests of WHIP and WHEP, as any HTTP client sends them.</summary>
internal static class WhipRequests
{
    public const string Sdp = "application/sdp";
    public const string Fragment = "application/trickle-ice-sdpfrag";

    public static Task<HttpResponseMessage> PostAsync(this HttpClient client, string path, string body, string? type = Sdp, string? token = null, params (string Name, string Value)[] headers) =>
        client.SendAsync(HttpMethod.Post, path, body, type, token, headers);

    public static Task<HttpResponseMessage> PatchAsync(this HttpClient client, string path, string body, string? ifMatch, string? type = Fragment, string? token = null) =>
        client.SendAsync(HttpMethod.Patch, path, body, type, token, ifMatch is null ? [] : [("If-Match", ifMatch)]);

    public static async Task<HttpResponseMessage> SendAsync(
        this HttpClient client, HttpMethod method, string path, string? body = null, string? type = null, string? token = null, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(method, path);
        if (body is not null)
        {
            request.Content = new ByteArrayContent(Encoding.UTF8.GetBytes(body));
            if (type is not null)
            {
                request.Content.Headers.TryAddWithoutValidation("Content-Type", type);
            }
        }

        if (token is not null)
        {
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        }

        foreach (var (name, value) in headers)
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }

        return await client.SendAsync(request);
    }

    /// <summary>The path of the session, from a Location that may be relative to what was asked for (RFC 9110 section 10.2.2).</summary>
    public static string SessionPath(this HttpResponseMessage response) => new Uri(response.RequestMessage!.RequestUri!, response.Headers.Location!).AbsolutePath;

    public static string Tag(this HttpResponseMessage response) => response.Headers.GetValues("ETag").Single();

    /// <summary>The response is a problem with this status and code, in the form that RFC 9457 gives.</summary>
    public static async Task AssertProblemAsync(this HttpResponseMessage response, int status, string code)
    {
        var body = await response.Content.ReadAsStringAsync();
        Assert.True((int)response.StatusCode == status, $"{(int)response.StatusCode} instead of {status}: {body}");
        Assert.Equal("application/problem+json", response.Content.Headers.ContentType?.MediaType);
        using var json = System.Text.Json.JsonDocument.Parse(body);
        Assert.Equal(code, json.RootElement.GetProperty("code").GetString());
        Assert.Equal(status, json.RootElement.GetProperty("status").GetInt32());
        Assert.StartsWith(code, json.RootElement.GetProperty("detail").GetString());
    }
}

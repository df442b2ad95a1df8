using System.Text;
using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Http;

namespace P2PCam.AspNetCore.Pages;

/// <summary>Sends an embedded page with its <c>{{names}}</c> filled in and the headers that fence it in.</summary>
internal static class HtmlPage
{
    /// <param name="context">The request.</param>
    /// <param name="template">The page.</param>
    /// <param name="embedders">Origins besides its own that may show it in a frame, as a policy lists them: each with a blank in front.</param>
    /// <param name="values">What the names stand for.</param>
    public static Task WriteAsync(HttpContext context, string template, string embedders, params ReadOnlySpan<(string Name, string Value)> values)
    {
        var html = new StringBuilder(template);
        foreach (var (name, value) in values)
        {
            html.Replace("{{" + name + "}}", HtmlEncoder.Default.Encode(value));
        }

        var headers = context.Response.Headers;
        headers.ContentSecurityPolicy =
            $"default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; media-src 'self' blob:; connect-src 'self'{WebSocketSources(context.Request)}; base-uri 'none'; form-action 'none'; frame-ancestors 'self'{embedders}";
        headers.XContentTypeOptions = "nosniff";
        headers["Referrer-Policy"] = "no-referrer";
        headers["Cross-Origin-Opener-Policy"] = "same-origin";
        headers.CacheControl = "no-cache";
        context.Response.ContentType = "text/html; charset=utf-8";
        var content = Encoding.UTF8.GetBytes(html.ToString());
        context.Response.ContentLength = content.Length;
        return HttpMethods.IsHead(context.Request.Method) ? Task.CompletedTask : context.Response.Body.WriteAsync(content).AsTask();
    }

    // Safari before 15.4 does not take 'self' to cover WebSockets.
    private static string WebSocketSources(HttpRequest request)
    {
        var host = request.Host.Value ?? "";
        return host.Length > 0 && host.All(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '-' or ':' or '[' or ']') ? $" ws://{host} wss://{host}" : "";
    }
}

namespace BrowserCall;

/// <summary>
/// The page: plain files, no build step, nothing from other hosts. Every address below <c>/r/</c> is the same page; the room is in the address. What it refers to is relative, so
/// that it works below any path of a reverse proxy.
/// </summary>
internal static class CallPage
{
    // Camera, microphone, scripts and connections from here, and nothing from anywhere else.
    private const string Policy =
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; media-src 'self' blob:; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

    public static void MapCallPage(this WebApplication app)
    {
        var page = File.ReadAllText(Path.Combine(app.Environment.ContentRootPath, "index.html"));
        app.Use(async (context, next) =>
        {
            var headers = context.Response.Headers;
            headers.ContentSecurityPolicy = Policy;
            headers.XContentTypeOptions = "nosniff";
            headers["Referrer-Policy"] = "no-referrer";
            headers["Permissions-Policy"] = "camera=(self), microphone=(self), fullscreen=(self)";
            headers.CacheControl = "no-cache";
            await next();
        });
        app.UseStaticFiles();
        app.MapGet("/", () => Page(page, "."));
        app.MapGet("/r/{room:regex(^[A-Za-z0-9._-]{{1,64}}$)}", (HttpRequest request) => Page(page, request.Path.Value!.EndsWith('/') ? "../.." : ".."));
    }

    private static IResult Page(string page, string toTheRoot) => Results.Content(page.Replace("{{base}}", toTheRoot, StringComparison.Ordinal), "text/html; charset=utf-8");
}

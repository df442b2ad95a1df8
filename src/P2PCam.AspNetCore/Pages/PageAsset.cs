using System.Resources;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Http;
using P2PCam.AspNetCore.Security;

namespace P2PCam.AspNetCore.Pages;

/// <summary>One embedded file of the pages.</summary>
internal sealed class PageAsset
{
    private static readonly ResourceManager Files = new("P2PCam.AspNetCore.Pages.PageFiles", typeof(PageAsset).Assembly);
    private static readonly string[] ScriptNames =
    [
        // Both pages.
        "access.js", "backoff.js", "http-session.js", "statistics.js",

        // The viewer page, and pages of others that import p2pcam.js.
        "boot.js", "host-link.js", "p2pcam.js", "session.js", "signaling.js", "viewer.js", "whep.js",

        // The camera page.
        "camera.js", "camera-settings.js", "camera-status.js", "capture.js", "capture-words.js", "last-session.js", "outbound.js", "publisher.js", "screen-lock.js", "watch-links.js",
    ];

    private readonly byte[] _content;
    private readonly string _contentType;
    private readonly string _etag;

    private PageAsset(string name, string contentType, string? file = null)
    {
        (Name, _contentType) = (name, contentType);
        _content = Encoding.UTF8.GetBytes(Read(file ?? name));
        _etag = $"\"{Convert.ToHexStringLower(SHA256.HashData(_content).AsSpan(0, 12))}\"";
    }

    /// <summary>What can be asked for by name, below the pattern.</summary>
    public static IReadOnlyList<PageAsset> All { get; } =
    [
        .. ScriptNames.Select(name => new PageAsset(name, "text/javascript; charset=utf-8")),
        new("page.css", "text/css; charset=utf-8"),
        new("p2pcam.css", "text/css; charset=utf-8"),
        new("camera.css", "text/css; charset=utf-8"),
        new("favicon.svg", "image/svg+xml"),
        new("favicon.ico", "image/svg+xml", "favicon.svg"),
    ];

    public string Name { get; }

    /// <summary>The text of an embedded file.</summary>
    public static string Read(string file) => Files.GetString(file) ?? throw new InvalidOperationException($"'{file}' is not embedded in P2PCam.AspNetCore.");

    public Task WriteAsync(HttpContext context, CrossOrigin crossOrigin)
    {
        // Nothing secret is in it: a foreign page gets it as it would get any script, unreadable, and without a word that would make it a module of its own.
        crossOrigin.TryAllow(context);
        var headers = context.Response.Headers;
        headers.XContentTypeOptions = "nosniff";
        // Asked anew each time, but answered with 304: an updated host must not meet an old script.
        headers.CacheControl = "no-cache";
        headers.ETag = _etag;
        if (context.Request.Headers.IfNoneMatch.ToString().Contains(_etag, StringComparison.Ordinal))
        {
            context.Response.StatusCode = StatusCodes.Status304NotModified;
            return Task.CompletedTask;
        }

        context.Response.ContentType = _contentType;
        context.Response.ContentLength = _content.Length;
        return HttpMethods.IsHead(context.Request.Method) ? Task.CompletedTask : context.Response.Body.WriteAsync(_content).AsTask();
    }
}

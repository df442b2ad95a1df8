using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using P2PCam.AspNetCore.LanHttps;
using P2PCam.AspNetCore.Proxies;

namespace P2PCam.AspNetCore.Pages;

/// <summary><c>/trust</c>: how to make devices trust this host's own certificate authority, and how to undo it.</summary>
internal static class TrustPage
{
    private static readonly string Template = PageAsset.Read("trust.html");
    private static readonly string ProfileTemplate = PageAsset.Read("ca.mobileconfig");

    public static Task WriteAsync(HttpContext context) => Authority(context) is { } authority
        ? HtmlPage.WriteAsync(
            context,
            Template,
            "",
            ("base", PageBase.RelativeTo(context.Request, "trust")),
            ("name", authority.Name),
            ("fingerprint1", authority.Fingerprint[..24]),
            ("fingerprint2", authority.Fingerprint[24..48]),
            ("fingerprint3", authority.Fingerprint[48..72]),
            ("fingerprint4", authority.Fingerprint[72..]))
        : NothingToTrustAsync(context);

    /// <summary>The CA's certificate in DER; the type makes systems offer to install it (RFC 2585 names none for that, this is what they know).</summary>
    public static Task WriteCertificateAsync(HttpContext context) => Authority(context) is { } authority
        ? WriteFileAsync(context, "application/x-x509-ca-cert", "p2pcam-ca.crt", authority.Certificate)
        : NothingToTrustAsync(context);

    /// <summary>The same as an Apple configuration profile, which iOS wants.</summary>
    public static Task WriteProfileAsync(HttpContext context)
    {
        if (Authority(context) is not { } authority)
        {
            return NothingToTrustAsync(context);
        }

        // The identifiers follow from the certificate, so that installing again replaces instead of adding.
        var id = authority.Sha256.AsSpan();
        var profile = ProfileTemplate
            .Replace("{{name}}", System.Security.SecurityElement.Escape(authority.Name), StringComparison.Ordinal)
            .Replace("{{certificate}}", Convert.ToBase64String(authority.Certificate), StringComparison.Ordinal)
            .Replace("{{profileId}}", new Guid(id[..16]).ToString().ToUpperInvariant(), StringComparison.Ordinal)
            .Replace("{{payloadId}}", new Guid(id[16..32]).ToString().ToUpperInvariant(), StringComparison.Ordinal);
        return WriteFileAsync(context, "application/x-apple-aspen-config", "p2pcam-ca.mobileconfig", Encoding.UTF8.GetBytes(profile));
    }

    private static TrustAnchor? Authority(HttpContext context) => context.RequestServices.GetService<LanHttpsInfo>()?.Anchor;

    private static Task NothingToTrustAsync(HttpContext context)
    {
        context.Response.StatusCode = StatusCodes.Status404NotFound;
        context.Response.ContentType = "text/plain; charset=utf-8";
        return context.Response.WriteAsync("This host has no certificate authority of its own, so there is nothing to trust.\n");
    }

    private static Task WriteFileAsync(HttpContext context, string contentType, string name, byte[] content)
    {
        context.Response.ContentType = contentType;
        context.Response.ContentLength = content.Length;
        context.Response.Headers.XContentTypeOptions = "nosniff";
        context.Response.Headers.CacheControl = "no-store";
        context.Response.Headers.ContentDisposition = $"attachment; filename=\"{name}\"";
        return HttpMethods.IsHead(context.Request.Method) ? Task.CompletedTask : context.Response.Body.WriteAsync(content).AsTask();
    }
}

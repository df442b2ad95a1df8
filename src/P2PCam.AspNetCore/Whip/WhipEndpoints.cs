using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using P2PCam.AspNetCore.Security;
using P2PCam.AspNetCore.Signaling;

namespace P2PCam.AspNetCore.Whip;

/// <summary>Maps WHEP and WHIP.</summary>
internal static class WhipEndpoints
{
    private static readonly string[] Options = [HttpMethods.Options];

    public static void Map(IEndpointRouteBuilder group, HostGate hosts, SignalingGateway gateway, Admission admission, P2PCamEndpointOptions options, CrossOrigin crossOrigin)
    {
        var timeProvider = group.ServiceProvider.GetService<TimeProvider>() ?? TimeProvider.System;
        var requests = new JoinRateLimiter(options.MaxMessagesPerSecond, 4 * options.MaxMessagesPerSecond, timeProvider);

        var viewers = new SessionTable();
        var whep = new WhepEndpoint(gateway, admission, viewers, crossOrigin, timeProvider);
        MapBoth(group, hosts, "/whep", whep.HandleAsync, whep.AnswerOptionsAsync);
        MapBoth(group, hosts, "/whep/{stream}", whep.HandleAsync, whep.AnswerOptionsAsync);
        var watching = new SessionEndpoint(viewers, crossOrigin, requests);
        MapBoth(group, hosts, "/whep/sessions/{id}", watching.HandleAsync, watching.AnswerOptionsAsync);

        var publishers = new SessionTable();
        var cameras = new BrowserCameras(group.ServiceProvider);
        var gate = new PublisherGate(admission);
        var whip = new WhipEndpoint(cameras, gate, admission, publishers, crossOrigin);
        MapBoth(group, hosts, "/whip", whip.HandleAsync, whip.AnswerOptionsAsync);
        MapBoth(group, hosts, "/whip/{stream}", whip.HandleAsync, whip.AnswerOptionsAsync);
        var publishing = new SessionEndpoint(publishers, crossOrigin, requests);
        MapBoth(group, hosts, "/whip/sessions/{id}", publishing.HandleAsync, publishing.AnswerOptionsAsync);
        var status = new CameraStatusEndpoint(cameras, gate, crossOrigin);
        foreach (var pattern in (string[])["/camera/status", "/camera/{stream}/status"])
        {
            group.MapGet(pattern, hosts.Guard(status.HandleAsync)).WithDisplayName("P2PCam camera status");
            MapOptions(group, hosts, pattern, status.AnswerOptionsAsync);
        }
    }

    private static void MapBoth(IEndpointRouteBuilder group, HostGate hosts, string pattern, RequestDelegate handle, RequestDelegate answerOptions)
    {
        group.Map(pattern, hosts.Guard(handle)).WithDisplayName($"P2PCam {pattern}");
        MapOptions(group, hosts, pattern, answerOptions);
    }

    // A preflight carries no credentials, so nothing that RequireAuthorization asks for may stand in its way.
    public static void MapOptions(IEndpointRouteBuilder group, HostGate hosts, string pattern, RequestDelegate answerOptions) =>
        group.MapMethods(pattern, Options, hosts.Guard(answerOptions)).WithDisplayName($"P2PCam {pattern} OPTIONS").WithMetadata(new AllowAnonymousAttribute());
}

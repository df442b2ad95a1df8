using System.Net.WebSockets;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using P2PCam.AspNetCore.Security;

namespace P2PCam.AspNetCore.Signaling;

/// <summary>The signaling WebSocket: decides who may connect, then hands the socket to a <see cref="SignalingConnection"/>.</summary>
internal sealed partial class SignalingEndpoint(
    InMemorySignaling hub, P2PCamEndpointOptions options, Admission admission, IHostApplicationLifetime lifetime, ILogger<SignalingEndpoint> logger, TimeProvider? timeProvider = null)
{
    private readonly OriginGate _origins = new(options.AllowedOrigins);
    private readonly TimeProvider _timeProvider = timeProvider ?? TimeProvider.System;

    public async Task HandleAsync(HttpContext context)
    {
        if (!context.WebSockets.IsWebSocketRequest)
        {
            context.Response.Headers.Upgrade = "websocket";
            await RefuseAsync(context, StatusCodes.Status426UpgradeRequired, "P2P3003: this address speaks WebSocket; see docs/protocols/signaling.md.");
            return;
        }

        if (!_origins.IsAllowed(context.Request))
        {
            LogForeignOrigin();
            await RefuseAsync(context, StatusCodes.Status403Forbidden, "P2P3004: pages of another origin may not watch; add it to AllowedOrigins if it should.");
            return;
        }

        using var place = admission.TryEnter(context.Connection.RemoteIpAddress, out var refusal);
        if (place is null)
        {
            context.Response.Headers.RetryAfter = "5";
            await RefuseAsync(context, refusal.Status, refusal.Text);
            return;
        }

        using var socket = await context.WebSockets.AcceptWebSocketAsync(new WebSocketAcceptContext { DangerousEnableCompression = false });
        await ServeAsync(socket, context);
    }

    private async Task ServeAsync(WebSocket socket, HttpContext context)
    {
        await using var connection = new SignalingConnection(hub, socket, options, hello => AdmitAsync(hello, context), _timeProvider);
        try
        {
            await connection.RunAsync(lifetime.ApplicationStopping, context.RequestAborted);
        }
        catch (SignalingException e)
        {
            LogEnded(e.Message);
        }
        catch (OperationCanceledException)
        {
            // The client vanished.
        }
    }

    private ValueTask<Admitted> AdmitAsync(HelloMessage hello, HttpContext context) => admission.AdmitAsync(
        new SignalingRequest(hello.Stream, hello.Role) { Token = hello.Token, RemoteAddress = context.Connection.RemoteIpAddress, User = context.User, Transport = "websocket" },
        context.RequestAborted);

    private static Task RefuseAsync(HttpContext context, int status, string text)
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = "text/plain; charset=utf-8";
        return context.Response.WriteAsync(text + "\n");
    }

    [LoggerMessage(EventId = 3001, Level = LogLevel.Warning, Message = "A page of a foreign origin was refused.")]
    private partial void LogForeignOrigin();

    [LoggerMessage(EventId = 3003, Level = LogLevel.Debug, Message = "A signaling connection ended: {Reason}")]
    private partial void LogEnded(string reason);
}

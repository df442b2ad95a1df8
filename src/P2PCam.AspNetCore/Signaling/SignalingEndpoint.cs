using System.Net.WebSockets;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using P2PCam.AspNetCore.Security;

namespace P2PCam.AspNetCore.Signaling;

/// <summary>The signaling WebSocket: decides who may connect, then hands the socket to a <see cref="SignalingConnection"/>.</summary>
internal sealed partial class SignalingEndpoint(
    InMemorySignaling hub, P2PCamEndpointOptions options, IHostApplicationLifetime lifetime, ILogger<SignalingEndpoint> logger, TimeProvider? timeProvider = null)
{
    private readonly OriginGate _origins = new(options.AllowedOrigins);
    private readonly ConnectionLimiter _limiter = new(options.MaxConnections, options.MaxConnectionsPerAddress);
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

        using var place = _limiter.TryEnter(context.Connection.RemoteIpAddress);
        if (place is null)
        {
            LogFull();
            context.Response.Headers.RetryAfter = "5";
            await RefuseAsync(context, StatusCodes.Status503ServiceUnavailable, "P2P3005: too many signaling connections; try again later.");
            return;
        }

        using var socket = await context.WebSockets.AcceptWebSocketAsync(new WebSocketAcceptContext { DangerousEnableCompression = false });
        await ServeAsync(socket, context.RequestAborted);
    }

    private async Task ServeAsync(WebSocket socket, CancellationToken aborted)
    {
        await using var connection = new SignalingConnection(hub, socket, options, _timeProvider);
        try
        {
            await connection.RunAsync(lifetime.ApplicationStopping, aborted);
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

    private static Task RefuseAsync(HttpContext context, int status, string text)
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = "text/plain; charset=utf-8";
        return context.Response.WriteAsync(text + "\n");
    }

    [LoggerMessage(EventId = 3001, Level = LogLevel.Warning, Message = "A page of a foreign origin was refused.")]
    private partial void LogForeignOrigin();

    [LoggerMessage(EventId = 3002, Level = LogLevel.Warning, Message = "A signaling connection was refused: there are too many, in total or from its address.")]
    private partial void LogFull();

    [LoggerMessage(EventId = 3003, Level = LogLevel.Debug, Message = "A signaling connection ended: {Reason}")]
    private partial void LogEnded(string reason);
}

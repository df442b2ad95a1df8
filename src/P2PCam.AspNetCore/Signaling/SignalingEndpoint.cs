using Microsoft.AspNetCore.Http;

namespace P2PCam.AspNetCore.Signaling;

/// <summary>The signaling WebSocket.</summary>
internal static class SignalingEndpoint
{
    public static RequestDelegate Create(SignalingGateway gateway)
    {
        var guarded = gateway.Guard(async context =>
        {
            using var socket = await context.WebSockets.AcceptWebSocketAsync(new WebSocketAcceptContext { DangerousEnableCompression = false });
            await gateway.ServeAsync(new WebSocketLink(socket), context, "websocket", context.RequestAborted);
        });
        return context =>
        {
            if (context.WebSockets.IsWebSocketRequest)
            {
                return guarded(context);
            }

            // A page of an allowed origin that gets no WebSocket asks here whether the host is there at all.
            gateway.CrossOrigin.TryAllow(context);
            context.Response.Headers.Upgrade = "websocket";
            return SignalingGateway.RefuseAsync(context, StatusCodes.Status426UpgradeRequired, "P2P3003: this address speaks WebSocket; see docs/protocols/signaling.md.");
        };
    }
}

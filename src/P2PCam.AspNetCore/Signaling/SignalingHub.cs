using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.SignalR;

namespace P2PCam.AspNetCore.Signaling;

/// <summary>
/// The signaling hub: <c>Send(message)</c> and <c>Leave()</c> from the client, <c>Receive(message)</c> and <c>Close(errorCode)</c> to it.
/// Messages are the same objects as on the WebSocket, and so is everything that happens to them.
/// </summary>
internal sealed class SignalingHub(IHubContext<SignalingHub> hub) : Hub
{
    private HubLink Link => (HubLink)Context.Items[typeof(HubLink)]!;

    public override Task OnConnectedAsync()
    {
        var http = Context.GetHttpContext();
        if (http?.GetEndpoint()?.Metadata.GetMetadata<SignalingGateway>() is not { } gateway)
        {
            Context.Abort();
            return Task.CompletedTask;
        }

        var link = new HubLink(hub.Clients.Client(Context.ConnectionId), Context);
        Context.Items[typeof(HubLink)] = link;
        link.Serving = gateway.ServeAsync(link, http, "signalr", CancellationToken.None);
        return Task.CompletedTask;
    }

    public Task Send(JsonElement message) => Link.AcceptAsync(message, Context.ConnectionAborted);

    public void Leave() => Link.EndIncoming(null);

    public override async Task OnDisconnectedAsync(Exception? exception)
    {
        if (Context.Items.ContainsKey(typeof(HubLink)))
        {
            Link.EndIncoming(SignalingErrors.Broken(exception));
            await Link.Serving;
        }
    }
}

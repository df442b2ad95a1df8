using System.Text.Json;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.SignalR;
using Microsoft.AspNetCore.SignalR.Protocol;
using Microsoft.Extensions.Logging;

namespace P2PCam.AspNetCore.Signaling;

/// <summary>
/// Frames from instance to instance over whatever backplane SignalR has: each instance is a connection of its own hub, without a network, and
/// the only member of a group that is named after it.
/// </summary>
internal sealed class Backplane(HubLifetimeManager<SignalingHub> manager, ILoggerFactory loggers)
{
    private const string Method = "relay";

    /// <summary>This instance.</summary>
    public string Id { get; } = Guid.NewGuid().ToString("N");

    public async Task StartAsync(Action<BackplaneFrame> received)
    {
        var self = new Receiver(new DefaultConnectionContext("p2pcam-" + Id), loggers, received);
        await manager.OnConnectedAsync(self);
        await manager.AddToGroupAsync(self.ConnectionId, GroupOf(Id));
    }

    public Task SendAsync(string instance, BackplaneFrame frame, CancellationToken cancellationToken) =>
        manager.SendGroupAsync(GroupOf(instance), Method, [JsonSerializer.Serialize(frame, BackplaneJsonContext.Default.BackplaneFrame)], cancellationToken);

    private static string GroupOf(string instance) => "p2pcam-instance-" + instance;

    private sealed class Receiver(ConnectionContext connection, ILoggerFactory loggers, Action<BackplaneFrame> received)
        : HubConnectionContext(connection, new HubConnectionContextOptions(), loggers)
    {
        private static readonly JsonHubProtocol Json = new();

        public override ValueTask WriteAsync(SerializedHubMessage message, CancellationToken cancellationToken = default)
        {
            // {"type":1,"target":"relay","arguments":["<frame>"]} and a record separator.
            using var invocation = JsonDocument.Parse(message.GetSerializedMessage(Json)[..^1]);
            if (invocation.RootElement.GetProperty("target").ValueEquals(Method)
                && invocation.RootElement.GetProperty("arguments")[0].GetString() is { } text
                && JsonSerializer.Deserialize(text, BackplaneJsonContext.Default.BackplaneFrame) is { } frame)
            {
                received(frame);
            }

            return ValueTask.CompletedTask;
        }
    }
}

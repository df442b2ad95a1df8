using P2PCam;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Signaling over SignalR.</summary>
public static class P2PSignalRBuilderExtensions
{
    /// <summary>Finds viewers through the hub of a P2PCam host or rendezvous server, for example <c>https://signal.example.org/hub</c>.</summary>
    public static IP2PBroadcasterBuilder UseSignalRSignaling(this IP2PBroadcasterBuilder builder, Uri hub, Action<SignalRSignalingOptions>? configure = null) =>
        builder.UseSignaling(_ => new SignalRSignalingTransport(hub, configure));

    /// <summary>Finds the broadcaster through the hub of a P2PCam host or rendezvous server, for example <c>https://signal.example.org/hub</c>.</summary>
    public static IP2PViewerBuilder UseSignalRSignaling(this IP2PViewerBuilder builder, Uri hub, Action<SignalRSignalingOptions>? configure = null) =>
        builder.UseSignaling("UseSignalRSignaling()", _ => new SignalRSignalingTransport(hub, configure));
}

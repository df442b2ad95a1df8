using P2PCam;
using P2PCam.Hosting;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>How a viewer finds its broadcaster.</summary>
public static class P2PViewerBuilderExtensions
{
    /// <summary>Through a transport of your own. The viewer disposes it.</summary>
    /// <exception cref="InvalidOperationException">The viewer has a transport already; so with all <c>Use</c> methods that give it one. The text names both.</exception>
    public static IP2PViewerBuilder UseSignaling(this IP2PViewerBuilder builder, Func<IServiceProvider, ISignalingTransport> create)
    {
        ArgumentNullException.ThrowIfNull(create);
        return builder.UseSignaling("UseSignaling()", create);
    }

    /// <summary>Through the <see cref="InMemorySignaling"/> of this process; the default.</summary>
    public static IP2PViewerBuilder UseInMemorySignaling(this IP2PViewerBuilder builder) =>
        builder.UseSignaling("UseInMemorySignaling()", services => services.GetRequiredService<InMemorySignaling>().CreateTransport());

    /// <summary>Through a P2PCam host or a rendezvous server, for example <c>wss://192.168.1.20:3000/signal</c>.</summary>
    public static IP2PViewerBuilder UseWebSocketSignaling(this IP2PViewerBuilder builder, Uri server, Action<WebSocketSignalingOptions>? configure = null) =>
        builder.UseSignaling("UseWebSocketSignaling()", _ => new WebSocketSignalingTransport(server, configure));

    internal static IP2PViewerBuilder UseSignaling(this IP2PViewerBuilder builder, string by, Func<IServiceProvider, ISignalingTransport> create)
    {
        P2PViewerBuilder.RegistrationOf(builder).SetSignaling(by, create);
        return builder;
    }
}

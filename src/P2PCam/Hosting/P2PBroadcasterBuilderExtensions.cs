using P2PCam;
using P2PCam.Broadcasting;
using P2PCam.Hosting;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>What a broadcaster shows and how it is reached.</summary>
public static class P2PBroadcasterBuilderExtensions
{
    /// <summary>Shows the source that <paramref name="create"/> makes. The broadcaster disposes it.</summary>
    /// <exception cref="InvalidOperationException">The broadcaster has a source already; so with all <c>Use</c> methods that give it one. The text names both.</exception>
    public static IP2PBroadcasterBuilder UseVideoSource(this IP2PBroadcasterBuilder builder, Func<IServiceProvider, IVideoSource> create)
    {
        ArgumentNullException.ThrowIfNull(create);
        return builder.UseVideoSource("UseVideoSource()", create);
    }

    /// <summary>
    /// Passes on what the source that <paramref name="create"/> makes has compressed already; viewers must be able to decode it. The broadcaster disposes the
    /// source.
    /// </summary>
    public static IP2PBroadcasterBuilder UseEncodedVideoSource(this IP2PBroadcasterBuilder builder, Func<IServiceProvider, IEncodedVideoSource> create)
    {
        ArgumentNullException.ThrowIfNull(create);
        return builder.UseEncodedVideoSource("UseEncodedVideoSource()", create);
    }

    /// <summary>Shows the moving test pattern.</summary>
    public static IP2PBroadcasterBuilder UseTestPattern(this IP2PBroadcasterBuilder builder, int width = 1280, int height = 720, double frameRate = 30) =>
        builder.UseVideoSource("UseTestPattern()", services => new TestPatternSource(width, height, frameRate, services.GetService<TimeProvider>()));

    /// <summary>Finds viewers through a transport of your own; call it again to be reached through several.</summary>
    public static IP2PBroadcasterBuilder UseSignaling(this IP2PBroadcasterBuilder builder, Func<IServiceProvider, ISignalingTransport> create)
    {
        ArgumentNullException.ThrowIfNull(create);
        P2PBroadcasterBuilder.RegistrationOf(builder).Signaling.Add(create);
        return builder;
    }

    /// <summary>Finds viewers through the <see cref="InMemorySignaling"/> of this process (what <c>MapP2PCam</c> serves), besides other transports.</summary>
    public static IP2PBroadcasterBuilder UseInMemorySignaling(this IP2PBroadcasterBuilder builder) =>
        builder.UseSignaling(services => services.GetRequiredService<InMemorySignaling>().CreateTransport());

    /// <summary>Dials out to a signaling server, for example <c>wss://signal.example.org/p2pcam</c>.</summary>
    public static IP2PBroadcasterBuilder UseWebSocketSignaling(this IP2PBroadcasterBuilder builder, Uri server, Action<WebSocketSignalingOptions>? configure = null) =>
        builder.UseSignaling(_ => new WebSocketSignalingTransport(server, configure));

    /// <param name="builder">Whose source it is.</param>
    /// <param name="by">The call that says so.</param>
    /// <param name="create">Makes the source.</param>
    internal static IP2PBroadcasterBuilder UseVideoSource(this IP2PBroadcasterBuilder builder, string by, Func<IServiceProvider, IVideoSource> create)
    {
        P2PBroadcasterBuilder.RegistrationOf(builder).SetSource(by, services => BroadcastSource.Of(create(services)));
        return builder;
    }

    /// <inheritdoc cref="UseVideoSource(IP2PBroadcasterBuilder, string, Func{IServiceProvider, IVideoSource})"/>
    internal static IP2PBroadcasterBuilder UseEncodedVideoSource(this IP2PBroadcasterBuilder builder, string by, Func<IServiceProvider, IEncodedVideoSource> create)
    {
        P2PBroadcasterBuilder.RegistrationOf(builder).SetSource(by, services => BroadcastSource.Of(create(services)));
        return builder;
    }
}

using Microsoft.Extensions.DependencyInjection;

namespace P2PCam.Hosting;

internal sealed class P2PBroadcasterBuilder(IServiceCollection services, BroadcasterRegistration registration) : IP2PBroadcasterBuilder
{
    public string Name => Registration.Name;

    public IServiceCollection Services { get; } = services;

    public BroadcasterRegistration Registration { get; } = registration;

    public static BroadcasterRegistration RegistrationOf(IP2PBroadcasterBuilder builder) =>
        (builder as P2PBroadcasterBuilder)?.Registration
        ?? throw new ArgumentException("Only builders that AddP2PBroadcaster returned can be configured further.", nameof(builder));
}

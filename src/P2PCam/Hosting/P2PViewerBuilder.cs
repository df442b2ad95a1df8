using Microsoft.Extensions.DependencyInjection;

namespace P2PCam.Hosting;

internal sealed class P2PViewerBuilder(IServiceCollection services, ViewerRegistration registration) : IP2PViewerBuilder
{
    public string Name => Registration.Name;

    public IServiceCollection Services { get; } = services;

    public ViewerRegistration Registration { get; } = registration;

    public static ViewerRegistration RegistrationOf(IP2PViewerBuilder builder) =>
        (builder as P2PViewerBuilder)?.Registration
        ?? throw new ArgumentException("Only builders that AddP2PViewer returned can be configured further.", nameof(builder));
}

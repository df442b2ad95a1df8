using System.Diagnostics.Metrics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using P2PCam.Viewing;

namespace P2PCam.Hosting;

/// <summary>What was said about one viewer while services were configured, and how it is made from that.</summary>
internal sealed class ViewerRegistration(string name)
{
    public string Name { get; } = name;

    public Func<IServiceProvider, ISignalingTransport>? Signaling { get; set; }

    public IViewer Create(IServiceProvider services) => new CameraViewer(
        Signaling?.Invoke(services) ?? services.GetRequiredService<InMemorySignaling>().CreateTransport(),
        services.GetRequiredService<IOptionsMonitor<ViewerOptions>>().Get(Name),
        services.GetService<TimeProvider>() ?? TimeProvider.System,
        services.GetService<ILoggerFactory>() ?? NullLoggerFactory.Instance,
        services.GetService<IMeterFactory>());
}

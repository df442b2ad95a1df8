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

    public Func<IServiceProvider, ISignalingTransport>? Signaling { get; private set; }

    private string? SignalingBy { get; set; }

    /// <param name="by">The call that says so, for messages.</param>
    /// <param name="create">Makes the transport.</param>
    /// <exception cref="InvalidOperationException">There is one already: the last one does not win in silence.</exception>
    public void SetSignaling(string by, Func<IServiceProvider, ISignalingTransport> create) => (Signaling, SignalingBy) = SignalingBy is null
        ? (create, by)
        : throw new InvalidOperationException($"The viewer '{Name}' finds its broadcaster one way, and {SignalingBy} and {by} both give it one. Remove one of them, or add another viewer with a name of its own.");

    public IViewer Create(IServiceProvider services) => new CameraViewer(
        Signaling?.Invoke(services) ?? services.GetRequiredService<InMemorySignaling>().CreateTransport(),
        services.GetRequiredService<IOptionsMonitor<ViewerOptions>>().Get(Name),
        services.GetService<TimeProvider>() ?? TimeProvider.System,
        services.GetService<ILoggerFactory>() ?? NullLoggerFactory.Instance,
        services.GetService<IMeterFactory>());
}

using System.Diagnostics.Metrics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using P2PCam.Broadcasting;
using P2PCam.Diagnostics;

namespace P2PCam.Hosting;

/// <summary>What was said about one broadcaster while services were configured, and how it is made from that.</summary>
internal sealed class BroadcasterRegistration(string name)
{
    public string Name { get; } = name;

    public Func<IServiceProvider, BroadcastSource>? Source { get; set; }

    public IList<Func<IServiceProvider, ISignalingTransport>> Signaling { get; } = [];

    public IBroadcaster Create(IServiceProvider services)
    {
        var options = services.GetRequiredService<IOptionsMonitor<BroadcasterOptions>>().Get(Name);
        var loggers = services.GetService<ILoggerFactory>() ?? NullLoggerFactory.Instance;
        var source = Source?.Invoke(services) ?? BroadcastSource.Of(DefaultSource(services, loggers));
        return new CameraBroadcaster(source, CreateTransports(services), options, services.GetService<TimeProvider>() ?? TimeProvider.System, loggers, BroadcastInstruments.For(services.GetService<IMeterFactory>()));
    }

    private static DefaultVideoSource DefaultSource(IServiceProvider services, ILoggerFactory loggers) =>
        DefaultVideoSource.Create(services.GetService<TimeProvider>() ?? TimeProvider.System, loggers.CreateLogger<BroadcasterRegistration>());

    private List<ISignalingTransport> CreateTransports(IServiceProvider services)
    {
        if (Signaling.Count > 0)
        {
            return [.. Signaling.Select(create => create(services))];
        }

        return [services.GetRequiredService<InMemorySignaling>().CreateTransport()];
    }
}

using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace P2PCam.Hosting;

/// <summary>That a broadcaster is to be published somewhere.</summary>
internal sealed record WhipUplinkRegistration(string Broadcaster, Uri Endpoint, Action<WhipUplinkOptions>? Configure);

/// <summary>Starts and stops all uplinks with the host, or ends them with its provider. One that does not work tries again by itself.</summary>
internal sealed class WhipUplinkHostedService(IEnumerable<WhipUplinkRegistration> registrations, IServiceProvider services) : IHostedService, IAsyncDisposable, IDisposable
{
    private readonly List<WhipUplink> _uplinks = [];

    internal IReadOnlyList<WhipUplink> Uplinks => _uplinks;

    public Task StartAsync(CancellationToken cancellationToken)
    {
        foreach (var registration in registrations)
        {
            var options = new WhipUplinkOptions();
            registration.Configure?.Invoke(options);
            var broadcaster = services.GetRequiredKeyedService<IBroadcaster>(registration.Broadcaster);
            var uplink = new WhipUplink(broadcaster, registration.Endpoint, options, services.GetService<TimeProvider>(), services.GetService<ILoggerFactory>());
            _uplinks.Add(uplink);
            uplink.Start();
        }

        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.WhenAll(_uplinks.Select(uplink => uplink.StopAsync(cancellationToken)));

    public async ValueTask DisposeAsync() => await StopAsync(CancellationToken.None);

    // Who disposes so does not wait: the uplinks are told to end, and say goodbye on their own.
    public void Dispose() => _ = StopAsync(CancellationToken.None);
}

using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using P2PCam.Broadcasting;

namespace P2PCam.Hosting;

/// <summary>
/// Starts and stops all broadcasters with the host. One that cannot start is tried again with back-off, because a camera's failure must
/// not end a web host; <see cref="BroadcasterOptions.FailFast"/> wants it the other way. Trying ends with the host, be it stopped or, after a start that failed elsewhere, only
/// disposed.
/// </summary>
internal sealed partial class BroadcasterHostedService(
    IEnumerable<BroadcasterRegistration> registrations,
    IServiceProvider services,
    IOptionsMonitor<BroadcasterOptions> options,
    ILogger<BroadcasterHostedService> logger) : IHostedService, IDisposable
{
    private static readonly TimeSpan FirstRetry = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LongestRetry = TimeSpan.FromSeconds(30);
    private readonly CancellationTokenSource _stopping = new();
    private readonly List<Task> _retries = [];

    /// <summary>The attempts that are still made; for tests.</summary>
    internal Task Retries => Task.WhenAll(_retries);

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        foreach (var registration in registrations)
        {
            CheckReachable(registration);
            var broadcaster = services.GetRequiredKeyedService<IBroadcaster>(registration.Name);
            try
            {
                await broadcaster.StartAsync(cancellationToken);
            }
            catch (Exception e) when (e is not OperationCanceledException && !options.Get(registration.Name).FailFast)
            {
                LogStartFailed(registration.Name, Words.Sentence(e.Message));
                _retries.Add(RetryAsync(registration.Name, broadcaster, services.GetService<TimeProvider>() ?? TimeProvider.System));
            }
        }
    }

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        await _stopping.CancelAsync();
        await Retries;
        await Task.WhenAll(registrations.Select(registration => services.GetRequiredKeyedService<IBroadcaster>(registration.Name).StopAsync(cancellationToken)));
    }

    // Cancelled and not disposed: an attempt that runs still looks at its token.
    public void Dispose() => _stopping.Cancel();

    private void CheckReachable(BroadcasterRegistration registration)
    {
        if (registration.Signaling.Count == 0 && !services.GetRequiredService<InMemorySignaling>().IsServed)
        {
            throw new P2PException(
                "P2P2104",
                $"Nobody could find the broadcaster '{registration.Name}': it has no signaling. In ASP.NET call app.MapP2PCam(); elsewhere add .UseWebSocketSignaling(new Uri(\"wss://...\")) or .UseInMemorySignaling().");
        }
    }

    private async Task RetryAsync(string name, IBroadcaster broadcaster, TimeProvider timeProvider)
    {
        var retrying = new Retrying(new Backoff(FirstRetry, LongestRetry).Next, timeProvider, reason => LogStartFailed(name, Words.Sentence(reason)));
        await retrying.UntilItWorksAsync(StartUnlessGoneAsync, _stopping.Token);

        async Task StartUnlessGoneAsync(CancellationToken cancellationToken)
        {
            try
            {
                await broadcaster.StartAsync(cancellationToken);
            }
            catch (ObjectDisposedException)
            {
                // Its provider is gone, and it will never start again.
                await _stopping.CancelAsync();
            }
        }
    }

    [LoggerMessage(EventId = 1601, Level = LogLevel.Error, Message = "The broadcaster {Name} could not start and will be tried again: {Reason}")]
    private partial void LogStartFailed(string name, string reason);
}

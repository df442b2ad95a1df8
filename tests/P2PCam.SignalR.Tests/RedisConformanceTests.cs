using P2PCam.SignalingConformance;
using Rendezvous;

namespace P2PCam.SignalR.Tests;

/// <summary>Two instances behind one Redis: whoever connects goes to one, then to the other.</summary>
[NeedsRedis]
public class RedisConformanceTests(RedisProcess redis) : SignalingConformanceTests, IClassFixture<RedisProcess>
{
    protected override async Task<ISignalingTestHost> StartHostAsync(SignalingTestSettings settings) => await TwoInstances.StartAsync(redis, settings);

    private sealed class TwoInstances() : KestrelTestHost(byHub: true)
    {
        public static async Task<TwoInstances> StartAsync(RedisProcess redis, SignalingTestSettings settings)
        {
            var host = new TwoInstances();
            var prefix = Guid.NewGuid().ToString("N");
            await host.AddInstanceAsync(settings, services => services.AddRedis(redis.Address, prefix));
            await host.AddInstanceAsync(settings, services => services.AddRedis(redis.Address, prefix));
            return host;
        }
    }
}

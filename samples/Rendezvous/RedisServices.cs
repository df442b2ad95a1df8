using P2PCam.AspNetCore;
using StackExchange.Redis;

namespace Rendezvous;

internal static class RedisServices
{
    /// <summary>Several instances with the same Redis serve the same rooms.</summary>
    public static void AddRedis(this IServiceCollection services, string connection, string prefix = "p2pcam")
    {
        services.AddP2PCamSignalR().AddStackExchangeRedis(connection, options => options.Configuration.ChannelPrefix = RedisChannel.Literal(prefix));
        services.AddSingleton<IConnectionMultiplexer>(_ => ConnectionMultiplexer.Connect(connection));
        services.AddSingleton<ISignalingRoomDirectory>(provider => new RedisRoomDirectory(provider.GetRequiredService<IConnectionMultiplexer>(), prefix));
    }
}

using P2PCam.AspNetCore;
using StackExchange.Redis;

namespace Rendezvous;

/// <summary>Which instance keeps which room, in Redis: a key per stream that expires unless it is renewed.</summary>
internal sealed class RedisRoomDirectory(IConnectionMultiplexer redis, string prefix) : ISignalingRoomDirectory
{
    public async ValueTask<string> ClaimAsync(string stream, string instance, TimeSpan lease, CancellationToken cancellationToken = default)
    {
        var database = redis.GetDatabase();
        while (true)
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (await database.LockExtendAsync(KeyOf(stream), instance, lease) || await database.LockTakeAsync(KeyOf(stream), instance, lease))
            {
                return instance;
            }

            if (await FindAsync(stream, cancellationToken) is { } holder)
            {
                return holder;
            }
        }
    }

    public async ValueTask<string?> FindAsync(string stream, CancellationToken cancellationToken = default) =>
        await redis.GetDatabase().LockQueryAsync(KeyOf(stream));

    public async ValueTask ReleaseAsync(string stream, string instance, CancellationToken cancellationToken = default) =>
        await redis.GetDatabase().LockReleaseAsync(KeyOf(stream), instance);

    private RedisKey KeyOf(string stream) => $"{prefix}:room:{stream}";
}

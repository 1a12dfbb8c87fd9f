using Webcluster.Queue.Redis.Connection;
using Webcluster.Queue.Tallies;

namespace Webcluster.Queue.Redis;

public sealed partial class RedisMailQueue
{
    async ValueTask<int?> ISharedTally.CountAsync(string name, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        try
        {
            return (int)(await _shards.Of(name).RunAsync(_scripts.Tally, [name])).Number();
        }
        catch (RedisTroubleException)
        {
            return null;
        }
    }
}

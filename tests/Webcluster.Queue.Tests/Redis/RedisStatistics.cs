using System.Globalization;
using Webcluster.TestKit.Redis;

namespace Webcluster.Queue.Tests.Redis;

internal static class RedisStatistics
{
    /// <summary>A number of INFO stats.</summary>
    public static async Task<long> StatisticAsync(this RedisDaemon daemon, string name)
    {
        var info = await daemon.RunAsync("INFO", "stats");
        var line = info.Split('\n').Single(line => line.StartsWith(name + ":", StringComparison.Ordinal));
        return long.Parse(line[(name.Length + 1)..].Trim(), CultureInfo.InvariantCulture);
    }
}

using Microsoft.Extensions.Logging.Abstractions;
using Webcluster.Queue.Redis.Connection;
using Webcluster.Queue.Redis.Scripts;
using Webcluster.TestKit.Redis;

namespace Webcluster.Queue.Tests.Redis.Connection;

internal static class LinkSamples
{
    public static RedisScript Ping { get; } = new("ping", "return 'pong'");

    public static RedisScript Set { get; } = new("set", "return redis.call('SET', KEYS[1], ARGV[1])");

    public static RedisScript Fault { get; } = new("fault", "return redis.error_reply(ARGV[1])");

    public static Task<RedisLink> ConnectAsync(this RedisDaemon daemon, Action<RedisLinkOptions>? change = null) =>
        ConnectAsync(options =>
        {
            options.Servers = [daemon.Address];
            change?.Invoke(options);
        });

    public static Task<RedisLink> ConnectAsync(Action<RedisLinkOptions> set)
    {
        var options = new RedisLinkOptions();
        set(options);
        return RedisLink.ConnectAsync(options, new QueueMetrics(), TimeProvider.System, NullLogger.Instance, CancellationToken.None);
    }

    public static async Task<RedisTroubleException?> TroubleOfAsync(Func<Task> call)
    {
        try
        {
            await call();
            return null;
        }
        catch (RedisTroubleException trouble)
        {
            return trouble;
        }
    }

    public static async Task UntilAsync(Func<Task<bool>> condition, string what)
    {
        for (var tries = 0; !await condition(); tries++)
        {
            if (tries == 600) throw new TimeoutException($"did not come about: {what}");
            await Task.Delay(50);
        }
    }

    /// <summary>Whether a script is answered.</summary>
    public static async Task<bool> AnswersAsync(this RedisLink link) =>
        await TroubleOfAsync(() => link.RunAsync(Ping, ["wc:{0}:x"], [])) is null;

    /// <summary>Tries until a script is answered.</summary>
    /// <returns>How long that took.</returns>
    public static async Task<TimeSpan> AnsweredAsync(this RedisLink link)
    {
        var began = TimeProvider.System.GetTimestamp();
        while (!await link.AnswersAsync())
        {
            if (TimeProvider.System.GetElapsedTime(began) > TimeSpan.FromSeconds(30))
                throw new TimeoutException("the link does not come back");
            await Task.Delay(20);
        }
        return TimeProvider.System.GetElapsedTime(began);
    }
}

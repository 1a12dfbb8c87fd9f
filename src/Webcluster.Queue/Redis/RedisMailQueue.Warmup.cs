using System.Globalization;
using StackExchange.Redis;
using Webcluster.Queue.Redis.Connection;
using Webcluster.Queue.Redis.Records;
using Webcluster.Queue.Redis.Shards;
using Webcluster.Queue.Traffic;

namespace Webcluster.Queue.Redis;

public sealed partial class RedisMailQueue
{
    private const int WarmupsAtATime = 200;
    private const int WarmupStride = 6;

    public async ValueTask<IReadOnlyList<WarmupState>> WarmupsAsync(string? provider, string? source, CancellationToken cancellation)
    {
        bool IsAskedFor(WarmupState state) => (provider ?? state.Provider) == state.Provider && (source ?? state.Source) == state.Source;
        var found = await OnAllAsync(shard => WarmupsAsync(shard, IsAskedFor, cancellation), cancellation);
        return [.. found.SelectMany(states => states).OrderBy(state => state.Provider, StringComparer.Ordinal)
            .ThenBy(state => state.Source, StringComparer.Ordinal).Take(WarmupState.MostListed)];
    }

    public async ValueTask<WarmupState> SetWarmupAsync(
        string provider, string source, WarmupPlan plan, int? step, CancellationToken cancellation)
    {
        plan.ThrowIfNoStep(step);
        RedisValue[] arguments = [LaneCode.Provider(provider), source, plan.Name, step ?? 0];
        var reply = (await AskAsync(provider, _scripts.SetWarmup, arguments, cancellation)).Items(least: 2);
        _metrics.WarmupSet();
        return new WarmupState(provider, source, plan.Name, step, Day(reply[0]), reply[1].Number(), 0);
    }

    private async Task<List<WarmupState>> WarmupsAsync(Shard shard, Func<WarmupState, bool> isAskedFor, CancellationToken cancellation)
    {
        var states = new Dictionary<(string, string), WarmupState>();
        for (var skip = 0; states.Count < WarmupState.MostListed; skip += WarmupsAtATime)
        {
            cancellation.ThrowIfCancellationRequested();
            var reply = (await shard.RunAsync(_scripts.Warmups, skip, WarmupsAtATime)).Items(least: 1, stride: WarmupStride);
            for (var i = 1; i < reply.Length; i += WarmupStride)
            {
                // One that moves up the list between two looks is seen twice.
                var state = Warmup(reply.AsSpan(i, WarmupStride));
                if (isAskedFor(state)) states[(state.Provider, state.Source)] = state;
            }
            if (reply[0].Number() < WarmupsAtATime)
                break;
        }
        return [.. states.Values];
    }

    private static WarmupState Warmup(ReadOnlySpan<RedisResult> fields) =>
        LaneCode.TryDecodeSource(fields[0].Octets(), out var provider, out var source)
            ? new WarmupState(
                provider, source, fields[1].Text(), (int)fields[2].Number(), Day(fields[3]), fields[4].Number(), fields[5].Number())
            : throw Reply.Bad("a source that cannot be read");

    private static DateOnly Day(RedisResult field) =>
        long.TryParse(field.Text(), NumberStyles.None, CultureInfo.InvariantCulture, out var day) && day <= DateOnly.MaxValue.DayNumber / 2
            ? DateOnly.FromDateTime(DateTime.UnixEpoch.AddDays(day))
            : throw Reply.Bad("a day that cannot be read");
}

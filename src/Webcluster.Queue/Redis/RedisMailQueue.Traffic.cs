using System.Globalization;
using StackExchange.Redis;
using Webcluster.Queue.Events;
using Webcluster.Queue.Lanes;
using Webcluster.Queue.Redis.Connection;
using Webcluster.Queue.Redis.Records;
using Webcluster.Queue.Redis.Scripts;
using Webcluster.Queue.Traffic;

namespace Webcluster.Queue.Redis;

public sealed partial class RedisMailQueue
{
    private const int MostSources = 1000;
    private const int SourceFields = 11;
    private const int MostReplyLength = 500;

    public async ValueTask<bool> AdjustAsync(
        string provider, string source, Adjustment adjustment, string reply, CancellationToken cancellation)
    {
        var (kind, value) = Describe(adjustment);
        var text = reply.Length <= MostReplyLength ? reply : reply[..MostReplyLength];
        var adjusted = QueueEvents.Adjusted(provider, source, adjustment, text, (Now, _options.Events.Node));
        RedisValue[] arguments =
        [
            LaneCode.Provider(provider), source, kind, value.ToString("R", CultureInfo.InvariantCulture), text, MailEventJson.Encode(adjusted),
        ];
        var changed = (await AskAsync(provider, _scripts.Adjust, arguments, cancellation)).Number() == 1;
        if (!changed)
            return false;
        _metrics.Adjusted(adjustment);
        _options.Events.Tell([adjusted]);
        return true;
    }

    public async ValueTask<IReadOnlyList<TrafficStatus>> TrafficAsync(string provider, CancellationToken cancellation)
    {
        var answer = await AskAsync(provider, _scripts.Sources, [LaneCode.Provider(provider), MostSources], cancellation);
        var reply = answer.Items(stride: SourceFields);
        var sources = new List<TrafficStatus>(reply.Length / SourceFields);
        for (var i = 0; i < reply.Length; i += SourceFields) sources.Add(Status(provider, reply.AsSpan(i, SourceFields)));
        return sources;
    }

    private async Task<RedisResult> AskAsync(string provider, RedisScript script, RedisValue[] arguments, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        try
        {
            return await _shards.Of(new LaneKey(provider, "", "")).RunAsync(script, arguments);
        }
        catch (RedisTroubleException trouble)
        {
            throw new QueueUnavailableException(trouble.Message, trouble);
        }
    }

    private static (string Kind, double Value) Describe(Adjustment adjustment) => adjustment switch
    {
        Adjustment.SlowDown slow => ("slow", slow.Factor),
        Adjustment.FewerConnections => ("fewer", 0),
        Adjustment.MessagesPerConnection learned => ("carries", learned.Messages),
        Adjustment.Suspend suspend => ("suspend", suspend.For.TotalMicroseconds),
        Adjustment.Complaint => ("complaint", Adjustment.RefusalsOfAComplaint),
        _ => throw new ArgumentException($"{adjustment} is no adjustment.", nameof(adjustment)),
    };

    private static TrafficStatus Status(string provider, ReadOnlySpan<RedisResult> fields) => new(
        provider, fields[0].Text(), (int)fields[1].Number(), Number(fields[2]), (int?)Number(fields[3]), (int?)Number(fields[4]),
        StoreTime.Parse(fields[5].Text()), fields[6].Text() is { Length: > 0 } reply ? reply : null, StoreTime.Parse(fields[7].Text()),
        fields[8].Text() is { Length: > 0 } plan ? new WarmupStatus(plan, (int)fields[9].Number(), (int)fields[10].Number()) : null);

    private static double? Number(RedisResult field) => field.Text() is not { Length: > 0 } text ? null
        : double.TryParse(text, CultureInfo.InvariantCulture, out var number) ? number : throw Reply.Bad("a number that cannot be read");
}

using System.Text.RegularExpressions;
using Shouldly;
using Webcluster.Queue.Messages;
using Webcluster.Queue.Rules;
using Webcluster.Queue.Settling;
using Webcluster.Queue.Tests.Redis;
using Webcluster.TestKit.Redis;
using Webcluster.TestKit.Time;
using Xunit;
using static Webcluster.Queue.Tests.QueueSamples;

namespace Webcluster.Queue.Tests.Rules;

/// <summary>
/// What stores in use have of rules, and of one that is half carried out: it never changes but with the layout's number, so that a node of
/// the next version goes on where one of this version stopped.
/// </summary>
public sealed partial class StoredRuleKeysTests(RedisServerFixture server) : IClassFixture<RedisServerFixture>
{
    // More than a step.
    private const int Waiting = 260;

    private readonly ManualClock _time = new(new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero));

    [RedisFact]
    public async Task Store_WithOneOfEachAndOneHalfWay_HasTheseKeys()
    {
        await server.EmptyAsync();
        using var metrics = new QueueMetrics();
        await using var queue = await server.OpenAsync(metrics, _time);
        await using var carrier = await StepCarrier.StartAsync(server.Daemon, _time, shards: 1);
        await carrier.TakeAsync("carrier");
        await AddAsync(queue, 1, RuleAction.Suspend, RuleScope.Site, "mx.yahoo.example");
        await AddAsync(queue, 2, RuleAction.Hold, RuleScope.Tag, "spring", _time.Now.AddHours(1));
        for (var i = 0; i < Waiting; i++)
        {
            var sample = Message(_time.Now) with { Id = Id(i) };
            await queue.StoreAsync(i > 0 ? sample : sample with { Envelope = sample.Envelope with { Tags = MessageTags.Of(["spring"]) } });
        }
        var claim = await queue.ClaimAsync(Google);
        await AddAsync(queue, 3, RuleAction.Drop, RuleScope.Message, Id(7).ToString());
        await AddAsync(queue, 4, RuleAction.Move, RuleScope.Tenant, "acme");
        for (var step = 0; step < 4; step++)
            await carrier.StepAsync("carrier");
        await queue.SettleAsync(claim.Session, new Settlement.Returned(claim.Deliveries[0].Id));

        var lines = (await server.Daemon.DumpAsync()).Split('\n').Where(line => Kind().IsMatch(line));

        // Of what had its turn, the first is enough.
        string.Join('\n', lines.Select(line => Seen().Replace(line, "${first} ..."))).ShouldBe(Expected);
    }

    [GeneratedRegex(@"^wc:\{0\}:(rules|force|listed|done|ends|work|seen|todo|part|carrier|r:.*|g:.*) ", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Kind();

    [GeneratedRegex(@"^(?<first>wc:\{0\}:seen set \S+) .*", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Seen();

    private static MessageId Id(int number) => new(Guid.Parse($"0191a2b3-c4d5-7e6f-8a9b-{number:x12}"));

    private async Task AddAsync(IQueueRules queue, int number, RuleAction action, RuleScope scope, string value, DateTimeOffset? until = null) =>
        (await queue.AddRuleAsync(
            new QueueRule(new RuleId(Guid.Parse($"0191a2b3-0000-7000-8000-{number:x12}")), action, new RuleTarget(scope, value), "because", _time.Now)
            {
                Until = until, Pool = action is RuleAction.Move ? "other" : null,
            }, CancellationToken.None)).ShouldBe(AddRuleResult.Added);

    // Sorted by key; Shared/rules.lua and Shared/ruling.lua say what each is.
    private const string Expected = """
        wc:{0}:carrier hash n=carrier u=1767225605000000
        wc:{0}:done zset \x01\x91\xa2\xb3\x00\x00p\x00\x80\x00\x00\x00\x00\x00\x00\x03 3
        wc:{0}:ends zset \x01\x91\xa2\xb3\x00\x00p\x00\x80\x00\x00\x00\x00\x00\x00\x02 1767229200000000
        wc:{0}:force hash h7spring=\x01\x91\xa2\xb3\x00\x00p\x00\x80\x00\x00\x00\x00\x00\x00\x02 s3mx.yahoo.example=\x01\x91\xa2\xb3\x00\x00p\x00\x80\x00\x00\x00\x00\x00\x00\x01
        wc:{0}:g:\x01\x91\xa2\xb3\x00\x00p\x00\x80\x00\x00\x00\x00\x00\x00\x02 zset \x00\x00\x00\x00\x00\x01\x01\x91\xa2\xb3\xc4\xd5~o\x8a\x9b\x00\x00\x00\x00\x00\x00\x00\x00 1767225600000000
        wc:{0}:listed zset \x01\x91\xa2\xb3\x00\x00p\x00\x80\x00\x00\x00\x00\x00\x00\x01 1 \x01\x91\xa2\xb3\x00\x00p\x00\x80\x00\x00\x00\x00\x00\x00\x02 2 \x01\x91\xa2\xb3\x00\x00p\x00\x80\x00\x00\x00\x00\x00\x00\x03 3 \x01\x91\xa2\xb3\x00\x00p\x00\x80\x00\x00\x00\x00\x00\x00\x04 4
        wc:{0}:part zset 1acme 1767225600000000
        wc:{0}:r:\x01\x91\xa2\xb3\x00\x00p\x00\x80\x00\x00\x00\x00\x00\x00\x01 hash a=1 b=bounced\x20by\x20an\x20operator:\x20because c=3 d=0 p= rec=\x01\x01\x03\x00\x10mx.yahoo.example\x07because\x08\xdeH\xc8\xb4\xf8\x00\x00 t=0 v=mx.yahoo.example y=0
        wc:{0}:r:\x01\x91\xa2\xb3\x00\x00p\x00\x80\x00\x00\x00\x00\x00\x00\x02 hash a=2 b=bounced\x20by\x20an\x20operator:\x20because c=7 d=0 p= rec=\x01\x02\x07\x02\x06spring\x07because\x08\xdeH\xc8\xb4\xf8\x00\x00\x08\xdeH\xd1\x16\xbch\x00 t=0 u=1767229200000000 v=spring y=0
        wc:{0}:r:\x01\x91\xa2\xb3\x00\x00p\x00\x80\x00\x00\x00\x00\x00\x00\x03 hash a=4 b=bounced\x20by\x20an\x20operator:\x20because c=1 d=1 p= rec=\x01\x04\x01\x00$0191a2b3-c4d5-7e6f-8a9b-000000000007\x07because\x08\xdeH\xc8\xb4\xf8\x00\x00 t=260 v=\x01\x91\xa2\xb3\xc4\xd5~o\x8a\x9b\x00\x00\x00\x00\x00\x07 y=0
        wc:{0}:r:\x01\x91\xa2\xb3\x00\x00p\x00\x80\x00\x00\x00\x00\x00\x00\x04 hash a=6 at=\x00\x00\x00\x00\x01\x03\x01\x91\xa2\xb3\xc4\xd5~o\x8a\x9b\x00\x00\x00\x00\x01\x02\x00\x00 b=bounced\x20by\x20an\x20operator:\x20because c=6 d=256 p=other part=6:google17:mx.google.example4:main phase=1 rec=\x01\x06\x06\x04\x04acme\x07because\x08\xdeH\xc8\xb4\xf8\x00\x00\x05other score=1767225600000000 t=260 v=acme w=walk y=1
        wc:{0}:rules hash h7=1 o=\x01\x91\xa2\xb3\x00\x00p\x00\x80\x00\x00\x00\x00\x00\x00\x04 s=1 t=260
        wc:{0}:seen set \x00\x00\x00\x00\x00\x02\x01\x91\xa2\xb3\xc4\xd5~o\x8a\x9b\x00\x00\x00\x00\x00\x01\x00\x00 ...
        wc:{0}:work zset \x01\x91\xa2\xb3\x00\x00p\x00\x80\x00\x00\x00\x00\x00\x00\x04 3
        """;
}

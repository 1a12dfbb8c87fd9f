using System.Text;
using Shouldly;
using Webcluster.Protocol.Addresses;
using Webcluster.Protocol.Smtp;
using Webcluster.Queue.Lanes;
using Webcluster.Queue.Messages;
using Webcluster.Queue.Redis.Records;
using Webcluster.Queue.Redis.Shards;
using Webcluster.Queue.Redis.Suppression;
using Webcluster.Queue.Sessions;
using Webcluster.Queue.Settling;
using Webcluster.Queue.Suppression;
using Webcluster.Queue.Traffic;
using Webcluster.TestKit.Time;
using Webcluster.TestKit.Redis;
using Xunit;
using static Webcluster.Queue.Tests.QueueSamples;

namespace Webcluster.Queue.Tests.Redis;

/// <summary>Names, numbers and records that stores in use have: they never change but with the layout's number, and then old ones are still
/// read.</summary>
public sealed class GoldenTests(RedisServerFixture server) : IClassFixture<RedisServerFixture>
{
    private static readonly MessageId Id = new(Guid.Parse("0191a2b3-c4d5-7e6f-8a9b-acbdcedfe0f1"));

    [RedisFact]
    public async Task Store_WithOneOfEach_HasTheseKeysAndRecords()
    {
        await server.EmptyAsync();
        var time = new ManualClock(new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero));
        using var metrics = new QueueMetrics();
        await using var queue = await server.OpenAsync(metrics, time, options => options with { SiteLimits = new SiteLimits(1, 5) });
        var bulk = Yahoo with { Pool = "bulk" };
        await queue.BeatAsync(NodeA, CancellationToken.None);
        await queue.StoreAsync(Sample(time.Now, To(Google, MailClass.Transactional, "anna"), To(bulk, MailClass.Bulk, "bernd")));
        await queue.StoreAsync(Sample(time.Now, To(Google)) with { Id = new MessageId(Guid.Parse("0191a2b3-c4d5-7e6f-8a9b-acbdcedfe0f2")), NotBefore = time.Now.AddHours(1) });
        await queue.PauseLaneAsync(bulk, TimeSpan.FromMinutes(1), CancellationToken.None);
        var claim = await queue.ClaimAsync(Google);
        await queue.SettleAsync(claim.Session, claim.Deferred(TimeSpan.FromMinutes(5)));
        await queue.ReleaseAsync(claim.Session, CancellationToken.None);
        time.Advance(TimeSpan.FromMinutes(5));
        var offer = new TrafficOffer([new SourceOffer("mta1", 2, TrafficLimits.None)], TrafficLimits.None);
        claim = (await queue.ClaimAsync(new ClaimRequest(NodeA, Google, null, 1, 0, offer), CancellationToken.None)).ShouldBeOfType<ClaimResult.Granted>();
        await queue.SettleAsync(claim.Session, new Settlement.Done(new DeliveryId(Id, 9), Sent: true));
        await queue.SetWarmupAsync("google", "mta2", new WarmupPlan("slowly", [5, 10]), 2, CancellationToken.None);
        await ((ISuppressionList)queue).AddAsync([Suppressed("Anna@rcpt.example", "", null), Suppressed("anna@RCPT.example", "acme", time.Now.AddDays(1))], CancellationToken.None);
        await ((ISoftFailures)queue).CountAsync([new SoftFailure(Suppressed("anna@rcpt.example", "acme", null).Key, Id)], new SoftFailureLimit(5, TimeSpan.FromDays(14)), CancellationToken.None);
        await queue.SweepSuppressionsAsync(TimeSpan.Zero);

        var dump = await server.Daemon.DumpAsync();

        var session = RedisDump.Show(DeliveryCode.Encode(claim.Session));
        // The last field of the session's hash, in front of its one verdict.
        var line = dump.Split('\n').Single(line => line.Contains(" r=", StringComparison.Ordinal));
        var token = line[(line.IndexOf(" r=", StringComparison.Ordinal) + 3)..^1];
        dump.Replace(session, "<session>", StringComparison.Ordinal).Replace(token, "<token>", StringComparison.Ordinal).ShouldBe(Expected);
    }

    [Theory]
    [InlineData("google", 41)]
    [InlineData("yahoo", 18)]
    [InlineData("größe", 39)]
    [InlineData("", 2)]
    public void Shard_OfAProvider_IsThis(string provider, int shard) => ShardMap.IndexOf(provider, 64).ShouldBe(shard);

    [Theory]
    [InlineData("anna@rcpt.example", 0xDDB9, 3)]
    [InlineData("hmac:000102030405060708090a0b0c0d0e0f", 0x6FFD, 1)]
    public void Suppression_OfAnAddress_IsInThisBucketAndShard(string text, int bucket, int shard)
    {
        SuppressedAddress.TryParse(text, out var address).ShouldBeTrue();
        var shards = new ShardMap([.. Enumerable.Range(0, 4).Select(number => new Shard(number, null!, 0, null))]);

        new SuppressionName(address).Bucket.ShouldBe(bucket);
        shards.Of(bucket, SuppressionName.Buckets).Number.ShouldBe(shard);
    }

    [Fact]
    public void Packing_Kinds_HaveTheseNumbers() => Enum.GetValues<PackingKind>().Select(kind => $"{kind}={(int)kind}").ShouldBe(["Plain=0", "Brotli=1"]);

    [Fact]
    public void Content_PackedByTheFirstVersion_IsStillRead()
    {
        var message = MessageRecord.Decode(Convert.FromHexString(PackedRecord)).ShouldNotBeNull();

        message.Content.ShouldNotBeNull().ToArray().ShouldBe(Encoding.ASCII.GetBytes(new string('a', 300) + new string('b', 700)));
        message.Content.Prefix.Length.ShouldBe(300);
    }

    private static NewMessage Sample(DateTimeOffset now, params NewDelivery[] deliveries) => new(
        Id, new Envelope(new Mailbox("sender", "sender.example"), "env-1", DsnReturn.Headers, EightBit: true, SmtpUtf8: false, "acme"),
        new MessageContent("Received: x\r\n"u8.ToArray(), "Subject: y\r\n\r\nz\r\n"u8.ToArray()), deliveries, now, now.AddDays(5));

    private static SuppressionEntry Suppressed(string address, string tenant, DateTimeOffset? ends) =>
        new(new SuppressionKey(tenant, SuppressedAddress.TryParse(address, out var parsed) ? parsed : default), SuppressionReason.Complaint, new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero))
        {
            ExpiresAt = ends, Source = ends is null ? "event-1" : "0191a2b3-c4d5-7e6f-8a9b-acbdcedfe0f1", Note = "größte Eile",
        };

    private const string PackedRecord = "0101000000420000012C000002BC089F7FF5F7B58000089F83E3CBC640000107020673656E6465720E73656E6465722E6578616D706C6505656E762D310461636D658BF30100A0C2C4509103D7E208FD391BC005384C36A6CF31";

    // Sorted by key; Shared/keys.lua says what each is.
    private const string Expected = """
        wc:{0}:a:5:yahoo16:mx.yahoo.example4:bulk zset 2acme 0
        wc:{0}:b:\xdd\xb9 hash \x00anna@rcpt.example=\x02iU\xb9\x00\x00\x00\x00\x00\x07event-1gr\xc3\xb6\xc3\x9fte\x20Eile acme\x00anna@rcpt.example=\x02iU\xb9\x00iW\x0b\xac\xff\x01\x91\xa2\xb3\xc4\xd5~o\x8a\x9b\xac\xbd\xce\xdf\xe0\xf1gr\xc3\xb6\xc3\x9fte\x20Eile
        wc:{0}:blocked zset 5:yahoo16:mx.yahoo.example4:bulk 1767225600000000 6:google17:mx.google.example4:main 1767229200000000
        wc:{0}:c:6:google17:mx.google.example hash k=1 s=1
        wc:{0}:d:\x01\x91\xa2\xb3\xc4\xd5~o\x8a\x9b\xac\xbd\xce\xdf\xe0\xf1\x00\x00 string \x01\x00\x00\x00\x00\x01\x00\x00\x00\x00\x00\x01\x00\x06GHX\x01\xe3\x00<session>\x00"\x00\x056:google17:mx.google.example4:main0acme\x01\x01\x01\x04\x04anna\x0crcpt.example\x17rfc822;anna@old.example
        wc:{0}:d:\x01\x91\xa2\xb3\xc4\xd5~o\x8a\x9b\xac\xbd\xce\xdf\xe0\xf1\x00\x01 string \x01\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x02\x00\x06GHF\x20@\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x20\x00\x055:yahoo16:mx.yahoo.example4:bulk2acme\x01\x01\x01\x04\x05bernd\x0crcpt.example\x18rfc822;bernd@old.example
        wc:{0}:d:\x01\x91\xa2\xb3\xc4\xd5~o\x8a\x9b\xac\xbd\xce\xdf\xe0\xf2\x00\x00 string \x01\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x03\x00\x06GI\x1c\xb3\xe4\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00"\x00\x056:google17:mx.google.example4:main1acme\x01\x01\x01\x04\x04user\x0crcpt.example\x17rfc822;user@old.example
        wc:{0}:e:6:googlemta1 hash c=1 l=1767225900000000 w=29453765 wl=0 wn=1
        wc:{0}:e:6:googlemta2 hash hd=20454 hp=slowly hr=0 hs=2 hu=0
        wc:{0}:epoch string 1
        wc:{0}:events stream 1767225600000-0 m=\x01\x91\xa2\xb3\xc4\xd5~o\x8a\x9b\xac\xbd\xce\xdf\xe0\xf1 e={"kind":"accepted","at":"2026-01-01T00:00:00+00:00","message":"0191a2b3-c4d5-7e6f-8a9b-acbdcedfe0f1","tenant":"acme","class":"transactional","sender":"sender@sender.example","recipients":["anna@rcpt.example","bernd@rcpt.example"],"size":30,"node":""} 1767225600000-1 m=\x01\x91\xa2\xb3\xc4\xd5~o\x8a\x9b\xac\xbd\xce\xdf\xe0\xf2 e={"kind":"accepted","at":"2026-01-01T00:00:00+00:00","message":"0191a2b3-c4d5-7e6f-8a9b-acbdcedfe0f2","tenant":"acme","class":"normal","sender":"sender@sender.example","recipients":["user@rcpt.example"],"size":30,"node":""}
        wc:{0}:f:5:yahoo16:mx.yahoo.example4:bulk2acme zset \x00\x00\x00\x00\x00\x02\x01\x91\xa2\xb3\xc4\xd5~o\x8a\x9b\xac\xbd\xce\xdf\xe0\xf1\x00\x01 1767225600000000
        wc:{0}:f:6:google17:mx.google.example4:main1acme zset \x00\x00\x00\x00\x00\x03\x01\x91\xa2\xb3\xc4\xd5~o\x8a\x9b\xac\xbd\xce\xdf\xe0\xf2\x00\x00 1767229200000000
        wc:{0}:k:\xdd\xb9 hash acme\x00anna@rcpt.example=iU\xba,\xce\xdf\xe0\xf1
        wc:{0}:l:6:google17:mx.google.example4:main hash c=1 k=1 s=1 v=10000
        wc:{0}:last hash \x01\x91\xa2\xb3\xc4\xd5~o\x8a\x9b\xac\xbd\xce\xdf\xe0\xf1=1767225600000-0 \x01\x91\xa2\xb3\xc4\xd5~o\x8a\x9b\xac\xbd\xce\xdf\xe0\xf2=1767225600000-1
        wc:{0}:m:\x01\x91\xa2\xb3\xc4\xd5~o\x8a\x9b\xac\xbd\xce\xdf\xe0\xf1 string \x01\x00\x00\x00\x00B\x00\x00\x00\x0d\x00\x00\x00\x11\x08\xdeH\xc8\xb4\xf8\x00\x00\x08\xdeL\xb6\x89\x08\xc0\x00\x01\x07\x02\x06sender\x0esender.example\x05env-1\x04acmeReceived:\x20x\x0d\x0aSubject:\x20y\x0d\x0a\x0d\x0az\x0d\x0a
        wc:{0}:m:\x01\x91\xa2\xb3\xc4\xd5~o\x8a\x9b\xac\xbd\xce\xdf\xe0\xf2 string \x01\x00\x00\x00\x00B\x00\x00\x00\x0d\x00\x00\x00\x11\x08\xdeH\xc8\xb4\xf8\x00\x00\x08\xdeL\xb6\x89\x08\xc0\x00\x01\x07\x02\x06sender\x0esender.example\x05env-1\x04acmeReceived:\x20x\x0d\x0aSubject:\x20y\x0d\x0a\x0d\x0az\x0d\x0a
        wc:{0}:n:node-a set <session>
        wc:{0}:nodes zset node-a 1767225600000000
        wc:{0}:o:\x01\x91\xa2\xb3\xc4\xd5~o\x8a\x9b\xac\xbd\xce\xdf\xe0\xf1 set 0 1
        wc:{0}:p:6:google hash c=1
        wc:{0}:paused zset 5:yahoo16:mx.yahoo.example4:bulk 1767225660000000
        wc:{0}:s:<session> hash \x01\x91\xa2\xb3\xc4\xd5~o\x8a\x9b\xac\xbd\xce\xdf\xe0\xf1\x00\x00= e=mta1 g=1 i=0 l=6:google17:mx.google.example4:main n=node-a r=<token>3
        wc:{0}:sites zset 5:yahoo16:mx.yahoo.example4:bulk 0 6:google17:mx.google.example4:main 0
        wc:{0}:sizes zset 5:yahoo16:mx.yahoo.example4:bulk 1 6:google17:mx.google.example4:main 2
        wc:{0}:store hash layout=2 shards=1
        wc:{0}:sweep hash b=2048 t=1767225900000000
        wc:{0}:t:6:googlemain hash mta1=?\xe0\x00\x00\x00\x00\x00\x00C\x19\x1d!`\x07\x8c\x00
        wc:{0}:totals hash b=1767225600000000 c=1 m=2 o=60 q=3 s=1 w=2 y=2
        wc:{0}:u:5:yahoo16:mx.yahoo.example4:bulk zset 2acme 1767225600000000
        wc:{0}:v:6:google17:mx.google.example4:main zset 0acme 20000
        wc:{0}:warming zset 6:googlemta2 1767225900000000
        wc:{0}:x:6:google set mta1 mta2
        wc:{0}:z:6:google17:mx.google.example4:main zset 1acme 1767229200000000
        """;
}

using BenchmarkDotNet.Attributes;
using Microsoft.Extensions.Logging.Abstractions;
using Webcluster.Protocol.Addresses;
using Webcluster.Protocol.Smtp;
using Webcluster.Queue;
using Webcluster.Queue.Embedded;
using Webcluster.Queue.Lanes;
using Webcluster.Queue.Messages;
using Webcluster.Queue.Sessions;
using Webcluster.Queue.Settling;

namespace Webcluster.MicroBenchmarks;

/// <summary>The envelope's record, and the way of a mail through the embedded queue, synced writes included.</summary>
public class QueueBenchmarks
{
    private const int Together = 20;

    private static readonly NodeId s_node = new("bench");
    private static readonly LaneKey s_lane = new("site.example", "site.example", "default");
    private static readonly Envelope s_envelope =
        new(new Mailbox("bounce+12345", "sender.example"), null, DsnReturn.NotGiven, false, false, "shop");

    private readonly byte[] _record = EnvelopeCodec.Encode(s_envelope);
    private readonly byte[] _content = Mails.Of(10 * 1024);
    private readonly QueueMetrics _metrics = new();
    private string _folder = "";
    private EmbeddedQueue? _queue;
    private SessionId? _session;

    [GlobalSetup]
    public void Open()
    {
        _folder = Directory.CreateTempSubdirectory("webcluster-micro-").FullName;
        var options = new EmbeddedQueueOptions { Folder = _folder, SiteLimits = new SiteLimits { MessagesPerConnection = int.MaxValue } };
        _queue = EmbeddedQueue.Open(options, TimeProvider.System, _metrics, NullLogger<EmbeddedQueue>.Instance);
    }

    [GlobalCleanup]
    public async Task CloseAsync()
    {
        _session = null;
        if (_queue is not null) await _queue.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    [Benchmark]
    public byte[] EncodeEnvelope() => EnvelopeCodec.Encode(s_envelope);

    [Benchmark]
    public object? DecodeEnvelope()
    {
        _ = EnvelopeCodec.TryDecode(_record, out var envelope);
        return envelope;
    }

    /// <summary>Each of 20 mails: stored, all in one commit, claimed together, settled in one commit.</summary>
    [Benchmark(OperationsPerInvoke = Together)]
    public async Task<int> StoreClaimSettle()
    {
        await Task.WhenAll(Enumerable.Range(0, Together).Select(_ => _queue!.EnqueueAsync(New(), CancellationToken.None)));
        var claim = (ClaimResult.Granted)await _queue!.ClaimAsync(
            new ClaimRequest(s_node, s_lane, _session, Together, int.MaxValue), CancellationToken.None);
        _session = claim.Session;
        var verdicts = await _queue.SettleAsync(
            claim.Session, [.. claim.Deliveries.Select(delivery => new Settlement.Done(delivery.Id, Sent: true))], CancellationToken.None);
        return verdicts.Count == Together ? Together : throw new InvalidOperationException("not all were settled");
    }

    private NewMessage New()
    {
        var now = DateTimeOffset.UtcNow;
        var to = new NewDelivery(s_lane, MailClass.Normal, [new QueuedRecipient(new Mailbox("reader", "site.example"), DsnNotify.Failure, null)]);
        return new NewMessage(MessageId.New(now), s_envelope, new MessageContent(default, _content), [to], now, now.AddDays(5), null);
    }
}

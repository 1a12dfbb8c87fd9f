using System.Globalization;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Webcluster.Delivery.Outcomes;
using Webcluster.Delivery.Providers;
using Webcluster.Delivery.Providers.Replies;
using Webcluster.Delivery.Reactions;
using Webcluster.Delivery.Tests.Providers;
using Webcluster.Delivery.Traffic;
using Webcluster.Delivery.Wire;
using Webcluster.Protocol.Classification;
using Webcluster.Protocol.Smtp;
using Webcluster.Queue;
using Webcluster.Queue.Embedded;
using Webcluster.Queue.Lanes;
using Webcluster.Queue.Traffic;
using Webcluster.TestKit.Logging;
using Webcluster.TestKit.Metrics;
using Webcluster.TestKit.Time;

namespace Webcluster.Delivery.Tests.Reactions;

/// <summary>Reactions over a real queue: what is asked of it is what it then holds to.</summary>
internal sealed class ReactionBench : IAsyncDisposable
{
    // Reading its rules takes a while.
    private static readonly ReplyClassifier Classifier = ReplyClassifier.Shipped();

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("webcluster-reactions-");
    private readonly QueueMetrics _queueMetrics = new();
    private readonly TestMeters _meters = new();
    private readonly EmbeddedQueue _queue;
    private readonly ReplyReactions _reactions;

    public ReactionBench(params ReplyRuleOptions[] rules)
    {
        _queue = EmbeddedQueue.Open(
            new EmbeddedQueueOptions { Folder = _folder.FullName }, Clock, _queueMetrics, NullLogger<EmbeddedQueue>.Instance);
        var book = new ProviderBook(Books.Setup(providers: [new ProviderOptions { Name = "default", Rules = [.. rules] }, new ProviderOptions { Name = "known" }]));
        var log = new DeliveryLog(new Logger<DeliveryLog>(Log));
        var options = new ReactionOptions { SlowAfter = 3 };
        _reactions = new ReplyReactions(
            Classifier, new ReplyWatch(book, _queue, log, Clock), new RefusedShares(options, Clock),
            new ReplyAlarms(options, new DeliveryMetrics(_meters, book), log, Clock), new RetryOptions());
    }

    public ManualClock Clock { get; } = new();

    public TestLog Log { get; } = new();

    public static LaneKey Lane { get; } = new("mx.example", "mx.example", "default");

    /// <summary>Each is the refusal of something that was tried.</summary>
    public async Task<ReadReply> SeeAsync(string text, TimeSpan age = default, LaneKey? lane = null) =>
        (await SeeAllAsync([text], age, lane))[0];

    /// <summary>Refusals of one transaction.</summary>
    public async Task<IReadOnlyList<ReadReply>> SeeAllAsync(
        IEnumerable<string> texts, TimeSpan age = default, LaneKey? lane = null)
    {
        _reactions.Tried(lane ?? Lane, "a");
        return await _reactions.SeeAsync(
            lane ?? Lane, "a", [.. texts.Select(text => new Refusal(Parse(text), Stage.Rcpt))], age, CancellationToken.None);
    }

    public async Task<double?> RateAsync() => (await StatusAsync())?.MessageRate;

    public async Task<TrafficStatus?> StatusAsync() =>
        (await _queue.TrafficAsync(Lane.Provider, CancellationToken.None)).SingleOrDefault();

    public async ValueTask DisposeAsync()
    {
        await _queue.DisposeAsync();
        _queueMetrics.Dispose();
        _meters.Dispose();
        _folder.Delete(recursive: true);
    }

    private static SmtpReply Parse(string text)
    {
        var parts = text.Split(' ', 3);
        return EnhancedCode.TryParse(parts[1], out var enhanced)
            ? new SmtpReply(int.Parse(parts[0], CultureInfo.InvariantCulture), enhanced, parts[2])
            : throw new ArgumentException(text, nameof(text));
    }
}

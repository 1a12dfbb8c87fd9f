using System.Globalization;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Shouldly;
using Webcluster.Delivery.Wire;
using Webcluster.Delivery.Providers;
using Webcluster.Delivery.Providers.Replies;
using Webcluster.Delivery.Tests.Providers;
using Webcluster.Delivery.Traffic;
using Webcluster.Protocol.Smtp;
using Webcluster.Queue;
using Webcluster.Queue.Embedded;
using Webcluster.Queue.Lanes;
using Webcluster.Queue.Traffic;
using Webcluster.TestKit.Logging;
using Webcluster.TestKit.Time;
using Xunit;

namespace Webcluster.Delivery.Tests.Traffic;

/// <summary>Over a real queue: what is asked of it is what it then holds to.</summary>
public sealed class ReplyWatchTests : IAsyncLifetime
{
    private static readonly LaneKey Lane = new("mx.example", "mx.example", "default");

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("webcluster-replies-");
    private readonly QueueMetrics _metrics = new();
    private readonly ManualClock _clock = new();
    private readonly TestLog _log = new();
    private readonly EmbeddedQueue _queue;
    private readonly ReplyWatch _watch;

    public ReplyWatchTests()
    {
        _queue = EmbeddedQueue.Open(
            new EmbeddedQueueOptions { Folder = _folder.FullName }, _clock, _metrics, NullLogger<EmbeddedQueue>.Instance);
        var blocked = Books.Rule("blocked", "blocked for a while", "421 4.7.0 blocked for a while");
        blocked.Suspend = TimeSpan.FromHours(1);
        var often = Books.Rule("often", "slow down", "451 4.7.0 slow down");
        (often.SlowDown, often.Suspend, often.After) = (0.5, TimeSpan.FromHours(1), Rate.Parse("3/min"));
        var book = new ProviderBook(Books.Setup(providers: [new ProviderOptions { Name = "default", Rules = [blocked, often] }]));
        _watch = new ReplyWatch(book, _queue, new DeliveryLog(new Logger<DeliveryLog>(_log)), _clock);
    }

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync()
    {
        await _queue.DisposeAsync();
        _metrics.Dispose();
        _folder.Delete(recursive: true);
    }

    [Fact]
    public async Task See_ReplyOfARule_ActsOnTheSourceAtTheProvider()
    {
        await SeeAsync("421 4.7.0 Blocked for a while, see https://example.com");

        var status = (await _queue.TrafficAsync("mx.example", CancellationToken.None)).ShouldHaveSingleItem();
        (status.Source, status.SuspendedUntil).ShouldBe(("a", _clock.Now.AddHours(1)));
        status.Reply.ShouldNotBeNull().ShouldContain("Blocked for a while");
        _log.Entries.ShouldHaveSingleItem().Text.ShouldContain("blocked");
    }

    [Theory]
    [InlineData("250 2.0.0 blocked for a while")]
    [InlineData("450 4.2.0 greylisted")]
    [InlineData("451 4.7.0 no rule knows it")]
    public async Task See_OtherReplies_ChangeNothing(string reply)
    {
        await SeeAsync(reply);
        (await _queue.TrafficAsync("mx.example", CancellationToken.None)).ShouldBeEmpty();
    }

    [Fact]
    public async Task See_RuleThatWantsSeveral_SuspendsOnTheLastOfThemInTimeAndDoesTheRestAtOnce()
    {
        await SeeAsync("451 4.7.0 slow down");
        (await StatusAsync()).MessageRate.ShouldNotBeNull();
        await SeeAsync("451 4.7.0 slow down");
        _clock.Advance(TimeSpan.FromMinutes(1));
        await SeeAsync("451 4.7.0 slow down");
        await SeeAsync("451 4.7.0 slow down");
        (await StatusAsync()).SuspendedUntil.ShouldBeNull("the first two are too long ago");

        await SeeAsync("451 4.7.0 slow down");

        (await StatusAsync()).SuspendedUntil.ShouldBe(_clock.Now.AddHours(1));
    }

    [Fact]
    public async Task See_SentAwayAfterAsManyMessagesAgain_LearnsThemAndGoesNoSlower()
    {
        await SeeAsync("451 4.7.0 slow down", Stage.Mail, carried: 50);
        var rate = (await StatusAsync()).MessageRate;
        _clock.Advance(TimeSpan.FromSeconds(30));

        await SeeAsync("451 4.7.0 slow down", Stage.Mail, carried: 50);

        var status = await StatusAsync();
        (status.MessagesPerConnection, status.MessageRate).ShouldBe((50, rate));
    }

    [Theory]
    [InlineData(Stage.Mail, 4, 4)]
    [InlineData(Stage.Mail, 50, 49)]
    [InlineData(Stage.Rcpt, 50, 50)]
    public async Task See_SentAwayOtherwise_LearnsNoCount(Stage stage, int first, int second)
    {
        await SeeAsync("451 4.7.0 slow down", stage, first);
        await SeeAsync("451 4.7.0 slow down", stage, second);

        (await StatusAsync()).MessagesPerConnection.ShouldBeNull();
    }

    private async Task<TrafficStatus> StatusAsync() =>
        (await _queue.TrafficAsync("mx.example", CancellationToken.None)).ShouldHaveSingleItem();

    private async Task SeeAsync(string text, Stage stage = Stage.Rcpt, int carried = 0)
    {
        var parts = text.Split(' ', 3);
        EnhancedCode.TryParse(parts[1], out var enhanced).ShouldBeTrue();
        var reply = new SmtpReply(int.Parse(parts[0], CultureInfo.InvariantCulture), enhanced, parts[2]);
        var refusal = new Refusal(reply, stage, carried);
        if (_watch.Find(Lane, "a", refusal) is { } rule) await _watch.ActAsync(Lane, "a", rule, refusal, CancellationToken.None);
    }
}

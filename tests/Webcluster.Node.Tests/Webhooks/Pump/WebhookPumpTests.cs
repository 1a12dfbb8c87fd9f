using Microsoft.AspNetCore.Http;
using Shouldly;
using Webcluster.Node.Webhooks;
using Webcluster.Node.Webhooks.State;
using Webcluster.Node.Webhooks.Wishes;
using Webcluster.Queue.Events;
using Webcluster.TestKit.Webhooks;
using Xunit;

namespace Webcluster.Node.Tests.Webhooks.Pump;

/// <summary>Whole nodes and a real receiver, by a clock of the test.</summary>
public sealed class WebhookPumpTests : IAsyncLifetime
{
    // The log has lines of these about what tests do on purpose.
    private const int Resting = 4404;
    private const int IsDisabled = 4406;
    private const int Missed = 4403;
    private const int StoreAway = 4412;
    private const int StartsAnew = 4411;

    private readonly WebhookBench _bench = new();
    private WebhookReceiver _receiver = null!;

    public async Task InitializeAsync() => _receiver = await WebhookReceiver.StartAsync();

    public async Task DisposeAsync()
    {
        await _bench.DisposeAsync();
        await _receiver.DisposeAsync();
    }

    [Fact]
    public async Task Events_SinceTheEndpointIsThere_ArriveOnce()
    {
        _bench.Happens("old");
        await _bench.StartAsync(Hook());
        var ids = Happen(20, "a", "b", "c");

        await TakenAsync(20);

        OnceEach().ShouldBe(ids.Order());
        await _bench.UntilAsync(() => State.Delivered == 20, "it is stored");
        (State.Live.Cursor, State.Live.Ahead.Count, State.Parked.All.Count).ShouldBe(("21", 0, 0));
        InOrderOfTheirMessages();
        _bench.Log.ShouldBeQuiet();
    }

    [StandardWebhooksFact]
    public async Task Endpoint_DownForAWhile_GetsEverythingInOrder_VerifiedByTheLibraryOfReceivers()
    {
        await _bench.StartAsync(Hook());
        Happen(5, "a", "b");
        await TakenAsync(5);
        await _receiver.DownAsync();
        var ids = Happen(300, [.. Enumerable.Range(0, 40).Select(i => $"m{i}")]);
        await _bench.UntilAsync(() => State.Rest is { Step.TotalSeconds: >= 20 }, "it is left alone");
        State.Parked.All.Count.ShouldBeLessThan(20, "the cursor waits");
        await _receiver.UpAsync();

        await TakenAsync(305);

        OnceEach().ShouldBe(Enumerable.Range(0, 305).Select(i => $"evt-{i}").Order());
        ids.Count.ShouldBe(300);
        InOrderOfTheirMessages();
        (await StandardWebhooksLibrary.VerifyAsync(WebhookSamples.Secret, [.. _receiver.All.Take(100)])).ShouldAllBe(said => said == "good");
        _bench.Log.ShouldBeQuiet(Resting);
    }

    [Fact]
    public async Task Node_KilledBetweenSendingAndSaving_TheNextSendsTheSameIdsAgain()
    {
        var first = await _bench.StartAsync(Hook());
        var second = await _bench.StartAsync(Hook());
        await _bench.UntilAsync(() => State.Revision > 0, "the place is stored");
        var hanging = new TaskCompletionSource();
        _receiver.Answer = async (_, context) =>
        {
            if (_receiver.All.Count >= 3) await hanging.Task.WaitAsync(context.RequestAborted);
            context.Response.StatusCode = StatusCodes.Status200OK;
        };
        var ids = Happen(6, "a", "b");
        await _bench.UntilAsync(() => _receiver.All.Count >= 4, "some are sent");

        await first.KillAsync(_bench.Clock);
        hanging.SetResult();
        await _bench.UntilAsync(() => _receiver.Taken.Distinct().Count() == 6, "all have arrived");

        _receiver.Taken.Distinct().Order().ShouldBe(ids.Order());
        InOrderOfTheirMessages();
        var again = _receiver.All.GroupBy(one => one.Id).Where(group => group.Count() > 1).ToList();
        again.ShouldNotBeEmpty("what was on its way is sent again");
        foreach (var group in again) group.Select(one => one.Body).Distinct().Count().ShouldBe(1, "the same to the octet");
        await second.StopAsync(_bench.Clock);
        _bench.Log.ShouldBeQuiet(StoreAway);
    }

    [Fact]
    public async Task Nodes_ComingAndGoing_LoseNothing()
    {
        var node = await _bench.StartAsync(Hook());
        var ids = new List<string>();
        for (var round = 0; round < 4; round++)
        {
            ids.AddRange(Happen(40, "a", "b", "c", "d", "e"));
            await _bench.UntilAsync(() => _receiver.Taken.Count > round * 40 + 10, "it goes on");
            var next = await _bench.StartAsync(Hook());
            if (round % 2 == 0) await node.KillAsync(_bench.Clock);
            else await node.StopAsync(_bench.Clock);
            node = next;
        }

        await _bench.UntilAsync(() => _receiver.Taken.Distinct().Count() == ids.Count, "all have arrived");
        InOrderOfTheirMessages();
    }

    [Fact]
    public async Task Node_ThatStops_LeavesAtOnce_AndNothingIsSentTwice()
    {
        var first = await _bench.StartAsync(Hook());
        await _bench.StartAsync(Hook());
        Happen(30, "a", "b", "c");
        await _bench.UntilAsync(() => _receiver.Taken.Count > 5, "it goes on");

        await first.StopAsync(_bench.Clock);

        (await _bench.Feeds.ShowAsync("webhook-hook", CancellationToken.None)).Holder.ShouldNotBe(new Queue.Sessions.NodeId("node-0/1"));
        await TakenAsync(30);
        _receiver.All.Count.ShouldBe(30);
        _bench.Log.ShouldBeQuiet();
    }

    [Fact]
    public async Task DeadEndpoint_KeepsNoOtherWaiting()
    {
        using var ended = new CancellationTokenSource();
        await using var dead = await WebhookReceiver.StartAsync();
        dead.Answer = async (_, context) =>
        {
            using var both = CancellationTokenSource.CreateLinkedTokenSource(ended.Token, context.RequestAborted);
            try
            {
                await Task.Delay(Timeout.Infinite, both.Token);
            }
            catch (OperationCanceledException)
            {
                context.Abort();
            }
        };
        await _bench.StartAsync(Hook(), WebhookSamples.Endpoint("dead", dead.Url) with { Timeout = TimeSpan.FromHours(1) });

        Happen(200, "a", "b", "c", "d", "e", "f", "g", "h");
        await TakenAsync(200);

        dead.All.Count.ShouldBe(8, "and not one request more is open to the dead one");
        await ended.CancelAsync();
    }

    [Fact]
    public async Task Answer410_DisablesUntilAnOperatorEnables()
    {
        _receiver.Answer = (_, context) => WebhookReceiver.AnswerAsync(context, 410);
        await _bench.StartAsync(Hook());
        Happen(1, "a");
        await _bench.UntilAsync(() => State.Disabled is not null, "it is disabled");
        Happen(5, "a", "b");
        await _bench.PassAsync(TimeSpan.FromSeconds(30));
        _receiver.All.Count.ShouldBe(1);

        _receiver.Answer = (_, context) => WebhookReceiver.AnswerAsync(context, 200);
        await _bench.WishAsync(WishKind.Enable);
        await TakenAsync(6);

        InOrderOfTheirMessages();
        _bench.Log.ShouldBeQuiet(IsDisabled);
    }

    [Fact]
    public async Task Answer302_IsNotFollowed_AndTriedAgain()
    {
        await using var elsewhere = await WebhookReceiver.StartAsync();
        _receiver.Answer = (_, context) =>
        {
            context.Response.Headers.Location = elsewhere.Url;
            return WebhookReceiver.AnswerAsync(context, _receiver.All.Count == 1 ? 302 : 200);
        };
        await _bench.StartAsync(Hook());
        Happen(1, "a");

        await TakenAsync(1);

        (_receiver.All.Count, elsewhere.All.Count).ShouldBe((2, 0));
        _receiver.All[0].Id.ShouldBe(_receiver.All[1].Id);
    }

    [Fact]
    public async Task RetryAfter_IsHonoured()
    {
        var times = new List<DateTimeOffset>();
        _receiver.Answer = (_, context) =>
        {
            lock (times) times.Add(_bench.Clock.Now);
            context.Response.Headers.RetryAfter = "90";
            return WebhookReceiver.AnswerAsync(context, times.Count == 1 ? 429 : 200);
        };
        await _bench.StartAsync(Hook());
        Happen(1, "a");

        await TakenAsync(1);

        (times[1] - times[0]).ShouldBeGreaterThanOrEqualTo(TimeSpan.FromSeconds(90));
        _bench.Log.ShouldBeQuiet(Resting);
    }

    [Fact]
    public async Task PrivateNetwork_ThatIsNotAllowed_GetsNothing()
    {
        await _bench.StartAsync(Hook() with { Networks = new Delivery.Hosts.NetworkPolicy([], []) });
        Happen(1, "a");

        await _bench.UntilAsync(() => State.Attempts.Count > 0, "an attempt");

        State.Attempts[0].Error.ShouldBe("127.0.0.1 is not of the Internet, and not in allow_private");
        _receiver.All.ShouldBeEmpty();
    }

    [Fact]
    public async Task Filters_ByTenantAndKind_LetNothingElsePass()
    {
        await _bench.StartAsync(Hook() with { Tenant = "shop", Kinds = new HashSet<MailEventKind> { MailEventKind.Bounced } });
        _bench.Happens("a");
        _bench.Happens("a", MailEventKind.Bounced, "other");
        _bench.Happens("a", MailEventKind.Bounced, tenant: null);
        var wanted = _bench.Happens("a", MailEventKind.Bounced);

        await TakenAsync(1);
        await _bench.UntilAsync(() => State.Live.Cursor == "4", "all is looked at");

        _receiver.Taken.ShouldBe([wanted]);
    }

    [Fact]
    public async Task Filters_ThatWantLittle_KeepUpWithABusyLog()
    {
        await _bench.StartAsync(Hook() with { Kinds = new HashSet<MailEventKind> { MailEventKind.Complained } });
        for (var i = 0; i < 6400; i++) _bench.Happens("a");
        var wanted = _bench.Happens("a", MailEventKind.Complained);
        var begun = _bench.Clock.Now;

        await _bench.UntilAsync(() => _receiver.Taken.Count > 0, "the complaint", TimeSpan.FromMilliseconds(50));

        _receiver.Taken.ShouldBe([wanted]);
        (_bench.Clock.Now - begun).ShouldBeLessThan(TimeSpan.FromMinutes(1), "a hundred pages");
    }

    [Fact]
    public async Task Replay_OfOneEventInALongLog_TakesSeconds()
    {
        for (var i = 0; i < 6400; i++) _bench.Happens("a");
        var wanted = _bench.Happens("a");
        await _bench.StartAsync(Hook());
        await _bench.WishAsync(WishKind.Replay, wish => wish with { Event = wanted });
        var begun = _bench.Clock.Now;

        await _bench.UntilAsync(() => _receiver.Taken.Count > 0, "the replay", TimeSpan.FromMilliseconds(50));

        _receiver.Taken.ShouldBe([wanted]);
        (_bench.Clock.Now - begun).ShouldBeLessThan(TimeSpan.FromMinutes(1), "a hundred pages");
    }

    [Fact]
    public async Task Batches_AreListsInOrder_WithIdsOfTheirOwn()
    {
        await _bench.StartAsync(Hook() with { Batch = 20 });
        Happen(100, "a", "b", "c");

        await TakenAsync(100);

        OnceEach().Count().ShouldBe(100);
        _receiver.All.Count.ShouldBeLessThan(30);
        _receiver.All.ShouldAllBe(one => one.Id.StartsWith("batch-"));
        InOrderOfTheirMessages();
    }

    [Fact]
    public async Task Replay_OfOneOrOfATime_SendsAgainUnderTheSameIds()
    {
        await _bench.StartAsync(Hook());
        var early = Happen(3, "a");
        await TakenAsync(3);
        await _bench.PassAsync(TimeSpan.FromSeconds(10));
        var begin = _bench.Clock.Now;
        var late = Happen(3, "b");
        await TakenAsync(6);
        await _bench.PassAsync(TimeSpan.FromSeconds(5));

        await _bench.WishAsync(WishKind.Replay, wish => wish with { Event = early[1] });
        await TakenAsync(7);
        await _bench.WishAsync(WishKind.Replay, wish => wish with { From = begin });
        await TakenAsync(10);
        await _bench.WishAsync(WishKind.Replay, wish => wish with { Event = "evt-unknown" });
        await _bench.WishAsync(WishKind.Replay, wish => wish with { To = begin.AddSeconds(-1), From = DateTimeOffset.MinValue });
        await TakenAsync(13);
        await _bench.UntilAsync(() => State.Replays.Count == 0 && State.Delivered == 13, "the replays are over");

        _receiver.Taken.Skip(6).ShouldBe([early[1], .. late, .. early]);
        State.Live.Cursor.ShouldBe("6");
        _bench.Log.ShouldBeQuiet();
    }

    [Fact]
    public async Task Test_IsSentOnce_AndShownInTheDeliveryLog()
    {
        await _bench.StartAsync(Hook());
        await _bench.WishAsync(WishKind.Test);

        await _bench.UntilAsync(() => State.Attempts.Count == 1, "the attempt");

        _receiver.All.Single().Items[0].GetProperty("type").GetString().ShouldBe("webhook.test");
        (State.Attempts[0].Id, State.Attempts[0].Status, State.Attempts[0].Error).ShouldBe((_receiver.All[0].Id, 204, null));
    }

    [Fact]
    public async Task Disable_ThenEnable_SendsWhatHappenedMeanwhile()
    {
        await _bench.StartAsync(Hook());
        await _bench.WishAsync(WishKind.Disable);
        await _bench.UntilAsync(() => State.Disabled is not null, "it is disabled");
        State.Disabled!.Reason.ShouldBe("by anna");
        Happen(3, "a");
        await _bench.PassAsync(TimeSpan.FromSeconds(20));
        _receiver.All.ShouldBeEmpty();

        await _bench.WishAsync(WishKind.Enable);
        await TakenAsync(3);
    }

    [Fact]
    public async Task Wish_WhoseSavingIsLostOnTheWay_IsGrantedOnce()
    {
        await _bench.StartAsync(Hook());
        Happen(1, "a");
        await TakenAsync(1);
        await _bench.PassAsync(TimeSpan.FromSeconds(5));
        _bench.Feeds.LostAnswers = 1;
        await _bench.WishAsync(WishKind.Test);
        await _bench.WishAsync(WishKind.Test);

        await _bench.UntilAsync(() => _receiver.All.Count == 3, "the tests");
        await _bench.PassAsync(TimeSpan.FromSeconds(10));

        _receiver.All.Count.ShouldBe(3);
        (await _bench.Feeds.ShowAsync("webhook-hook", CancellationToken.None)).Wishes.ShouldBeEmpty();
        _bench.Log.ShouldBeQuiet(StoreAway);
    }

    [Fact]
    public async Task Store_AwayLongerThanTheLease_NothingIsSentMeanwhile_AndAllAfterwards()
    {
        await _bench.StartAsync(Hook());
        await _bench.PassAsync(TimeSpan.FromSeconds(5));
        _bench.Feeds.IsAway = true;
        await _bench.PassAsync(TimeSpan.FromSeconds(20));
        var ids = Happen(10, "a", "b");
        await _bench.PassAsync(TimeSpan.FromSeconds(10));
        _receiver.All.ShouldBeEmpty("another node may have it");
        _bench.Feeds.IsAway = false;

        await TakenAsync(10);

        OnceEach().ShouldBe(ids.Order());
        _bench.Log.ShouldBeQuiet(StoreAway);
    }

    [Fact]
    public async Task Events_KeptNoMore_AreCountedAndLogged()
    {
        await _bench.StartAsync(Hook());
        await _bench.WishAsync(WishKind.Disable);
        await _bench.UntilAsync(() => State.Disabled is not null, "it is disabled");
        Happen(10, "a");
        _bench.Events.Forget(4);

        await _bench.WishAsync(WishKind.Enable);
        await TakenAsync(6);
        await _bench.UntilAsync(() => State.Missed == 4, "it is counted");

        _bench.Log.Entries.ShouldContain(entry => entry.Text == "webhook hook: 4 events were too old to be kept when their turn came");
        _bench.Log.ShouldBeQuiet(Missed, IsDisabled);
    }

    [Fact]
    public async Task State_OfAnotherWorld_BeginsAtThePresent()
    {
        await _bench.Feeds.HoldAsync("webhook-hook", new("other"), TimeSpan.FromSeconds(1), CancellationToken.None);
        var strange = EndpointStateJson.Encode(new EndpointState { Live = new Position { Cursor = "not a number" } });
        await _bench.Feeds.SaveAsync("webhook-hook", new("other"), strange, 0, TimeSpan.FromSeconds(1), CancellationToken.None);
        Happen(3, "a");
        await _bench.StartAsync(Hook());
        await _bench.UntilAsync(() => State.Live.Cursor == "3", "it begins anew");
        var next = Happen(1, "a");

        await TakenAsync(1);

        _receiver.Taken.ShouldBe(next);
        _bench.Log.ShouldBeQuiet(StartsAnew);
    }

    [Fact]
    public async Task Endpoint_DisabledByConfiguration_IsLeftAlone()
    {
        await _bench.StartAsync(Hook() with { Disabled = true });
        Happen(1, "a");
        await _bench.PassAsync(TimeSpan.FromSeconds(10));
        (_receiver.All.Count, State.Live.Cursor).ShouldBe((0, null));
    }

    private EndpointState State => _bench.State("hook");

    private WebhookEndpoint Hook() => WebhookSamples.Endpoint(url: _receiver.Url);

    /// <summary>Events of these messages, in turn.</summary>
    private IReadOnlyList<string> Happen(int count, params string[] messages) =>
        [.. Enumerable.Range(0, count).Select(i => _bench.Happens(messages[i % messages.Length]))];

    private Task TakenAsync(int count) =>
        _bench.UntilAsync(() => _receiver.Taken.Count >= count, $"{count} events taken");

    /// <summary>The ids of all requests' events, which were sent no more than once.</summary>
    private IEnumerable<string> OnceEach()
    {
        _receiver.Taken.Count.ShouldBe(_receiver.Taken.Distinct().Count(), "nothing is taken twice");
        return _receiver.Taken.Order();
    }

    /// <summary>Of each message what was taken first came in the order in which it happened.</summary>
    private void InOrderOfTheirMessages()
    {
        var taken = _receiver.All.Where(one => one.Status is >= 200 and < 300).SelectMany(one => one.Items)
            .Select(item => (Id: item.GetProperty("id").GetString()!, Message: item.GetProperty("data").GetProperty("message").GetString()!))
            .DistinctBy(item => item.Id)
            .GroupBy(item => item.Message, item => int.Parse(item.Id["evt-".Length..], System.Globalization.CultureInfo.InvariantCulture));
        foreach (var message in taken) message.ShouldBeInOrder();
    }
}

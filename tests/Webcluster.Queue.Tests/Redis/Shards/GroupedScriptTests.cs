using Shouldly;
using Webcluster.Queue.Redis.Connection;
using Webcluster.Queue.Redis.Scripts;
using Webcluster.Queue.Redis.Shards;
using Webcluster.Queue.Tests.Redis.Connection;
using Webcluster.TestKit.Redis;
using Webcluster.TestKit.Time;
using Xunit;

namespace Webcluster.Queue.Tests.Redis.Shards;

public sealed class GroupedScriptTests : IAsyncLifetime
{
    private const int Requests = 200;

    /// <summary>Answers each request with its first argument and how many came together; fails where one says "fail".</summary>
    private static readonly RedisScript s_echo = new("echo", """
        local answers, at = {}, 3
        while at <= #ARGV do
          if ARGV[at + 1] == 'fail' then error('asked to') end
          answers[#answers + 1] = { ARGV[at + 1] }
          at = at + tonumber(ARGV[at]) + 1
        end
        for _, answer in ipairs(answers) do answer[2] = #answers end
        return answers
        """);

    private readonly RedisServerFixture _server = new();
    private readonly ManualClock _time = new();
    private RedisLink? _link;
    private GroupedScript? _echo;

    public async Task InitializeAsync()
    {
        await _server.InitializeAsync();
        if (_server.Daemon is null) return;
        _link = await _server.Daemon.ConnectAsync(options => options.CallTimeout = TimeSpan.FromSeconds(10));
        _echo = new GroupedScript(s_echo, new ShardMap([new Shard(0, _link, 10, null), new Shard(1, _link, 10, null)]), _time);
    }

    public async Task DisposeAsync()
    {
        if (_link is not null) await _link.DisposeAsync();
        await _server.DisposeAsync();
    }

    [RedisFact]
    public async Task Run_One_GoesAtOnceAndAlone() => (await AskAsync("a")).ShouldBe(("a", 1));

    [RedisFact]
    public async Task Run_ManyWhileOneIsUnderWay_GoTogetherEachWithItsOwnAnswer()
    {
        await _server.Daemon.PauseAsync();
        var asked = Enumerable.Range(0, Requests).Select(i => AskAsync($"{i}")).ToList();
        await _server.Daemon.ResumeAsync();

        var answers = await Task.WhenAll(asked);

        answers.Select(answer => answer.Echo).ShouldBe(Enumerable.Range(0, Requests).Select(i => $"{i}"));
        answers.Select(answer => answer.Together).ShouldBe(
            [1, .. Enumerable.Repeat(64, 192), .. Enumerable.Repeat(Requests - 193, Requests - 193)]);
    }

    [RedisFact]
    public async Task Run_MoreContentThanACallTakes_GoesInSeveral()
    {
        await _server.Daemon.PauseAsync();
        var asked = Enumerable.Range(0, 5).Select(i => AskAsync($"{i}", octets: 600 * 1024)).ToList();
        await _server.Daemon.ResumeAsync();

        (await Task.WhenAll(asked)).ShouldAllBe(answer => answer.Together == 1);
    }

    [RedisFact]
    public async Task Run_OneOfAGroupFails_AllHearOfItAndMayAskAlone()
    {
        await _server.Daemon.PauseAsync();
        var (first, bad, good) = (AskAsync("first"), AskAsync("fail"), AskAsync("good"));
        var alone = AskAsync("alone", alone: true);
        await _server.Daemon.ResumeAsync();

        (await first).ShouldBe(("first", 1));
        (await Should.ThrowAsync<RedisTroubleException>(bad)).MayHaveHappened.ShouldBeTrue();
        await Should.ThrowAsync<RedisTroubleException>(good);
        (await alone).ShouldBe(("alone", 1));
        (await AskAsync("good", alone: true)).ShouldBe(("good", 1));
    }

    [RedisFact]
    public async Task Run_WaitedTooLong_IsNotAskedAnyMore()
    {
        await _server.Daemon.PauseAsync();
        var (first, late) = (AskAsync("first"), AskAsync("late"));
        _time.Advance(TimeSpan.FromSeconds(20));
        var again = AskAsync("again", alone: true);
        var patient = AskAsync("patient");
        _time.Advance(TimeSpan.FromSeconds(11));
        var last = AskAsync("last", alone: true);
        await _server.Daemon.ResumeAsync();

        (await first).ShouldBe(("first", 1));
        (await Should.ThrowAsync<RedisTroubleException>(late)).MayHaveHappened.ShouldBeFalse();
        (await Should.ThrowAsync<RedisTroubleException>(again)).MayHaveHappened.ShouldBeFalse();
        (await patient).ShouldBe(("patient", 1));
        (await last).ShouldBe(("last", 1));
    }

    [RedisFact]
    public async Task Run_AnotherShard_DoesNotWait()
    {
        await _server.Daemon.PauseAsync();
        var (one, other) = (AskAsync("one"), AskAsync("other", shard: 1));
        await _server.Daemon.ResumeAsync();

        (await one).Together.ShouldBe(1);
        (await other).Together.ShouldBe(1);
    }

    private async Task<(string Echo, long Together)> AskAsync(string text, int octets = 0, bool alone = false, int shard = 0)
    {
        var answer = (await _echo!.RunAsync(new Shard(shard, _link!, 10, null), [text, "more"], octets, alone)).Items(least: 2);
        return (answer[0].Text(), answer[1].Number());
    }
}

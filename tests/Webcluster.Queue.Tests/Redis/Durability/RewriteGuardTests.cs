using Shouldly;
using Webcluster.Queue.Redis.Durability;
using Webcluster.TestKit.Time;
using Xunit;

namespace Webcluster.Queue.Tests.Redis.Durability;

public sealed class RewriteGuardTests
{
    private static readonly ServerSettings s_settings = new("yes", "always", "no", "noeviction", "yes");

    private readonly ManualClock _time = new();
    private readonly RewriteGuard _guard;

    public RewriteGuardTests() => _guard = new RewriteGuard(_time);

    [Fact]
    public void Look_StartedAndNeverRewritten_AsksWaitsAndIsDone()
    {
        Look(Info(rewrites: 0)).ShouldBe(RewriteStep.Ask);
        _guard.Asked(Info(rewrites: 0));
        Look(Info(rewrites: 0, scheduled: 1)).ShouldBe(RewriteStep.Wait);
        Look(Info(rewrites: 1, running: 1)).ShouldBe(RewriteStep.Wait);
        Look(Info(rewrites: 1)).ShouldBe(RewriteStep.Finished);
        Look(Info(rewrites: 1)).ShouldBe(RewriteStep.Safe);
        Look(Info(rewrites: 0, status: "err")).ShouldBe(RewriteStep.Safe, "once is enough for this start");
    }

    [Fact]
    public void Look_StartedAgain_BeginsAnew()
    {
        Look(Info(rewrites: 1)).ShouldBe(RewriteStep.Finished);
        Look(Info(run: "second", rewrites: 0)).ShouldBe(RewriteStep.Ask);
    }

    [Fact]
    public void Look_RewriteFailed_IsAskedAgainAfterAWhile()
    {
        _guard.Asked(Info(rewrites: 0));
        Look(Info(rewrites: 1, status: "err")).ShouldBe(RewriteStep.Wait);
        _time.Advance(TimeSpan.FromSeconds(5) - TimeSpan.FromTicks(1));
        Look(Info(rewrites: 1, status: "err")).ShouldBe(RewriteStep.Wait);
        _time.Advance(TimeSpan.FromTicks(1));
        Look(Info(rewrites: 1, status: "err")).ShouldBe(RewriteStep.Ask);
    }

    [Fact]
    public void Look_StoreKnowsThisStart_IsSafe()
    {
        Look(Info(rewrites: 0), rewritten: "first").ShouldBe(RewriteStep.Safe);
        Look(Info(run: "", rewrites: 0), rewritten: "").ShouldBe(RewriteStep.Ask, "a server without a run_id cannot be known");
    }

    [Fact]
    public void Look_StoreKnowsAnotherStart_Asks() => Look(Info(rewrites: 0), rewritten: "zeroth").ShouldBe(RewriteStep.Ask);

    [Fact]
    public void Look_ServerThatCannotStartOnATornFile_IsSafe()
    {
        _guard.Look(Info(rewrites: 0), s_settings with { LoadTruncated = "no" }, null).ShouldBe(RewriteStep.Safe);
        Look(RedisInfo.Parse("run_id:first\r\naof_enabled:0\r\n")).ShouldBe(RewriteStep.Safe);
    }

    [Fact]
    public void Look_SettingChangedAfterTheStart_SaysNothingOfTheStart()
    {
        Look(Info(rewrites: 0)).ShouldBe(RewriteStep.Ask);
        _guard.Look(Info(rewrites: 0), s_settings with { LoadTruncated = "no" }, null).ShouldBe(RewriteStep.Ask);
        _guard.Look(Info(run: "second", rewrites: 0), s_settings with { LoadTruncated = "no" }, null).ShouldBe(RewriteStep.Safe);
    }

    [Fact]
    public void Look_ServerThatDoesNotTellItsSettings_Asks() =>
        _guard.Look(Info(rewrites: 0), ServerSettings.Unknown, null).ShouldBe(RewriteStep.Ask);

    [Fact]
    public void Look_ServerThatDoesNotCount_IsDoneAfterOneWasSeen()
    {
        Look(Info(rewrites: null)).ShouldBe(RewriteStep.Ask);
        Look(Info(rewrites: null, running: 1)).ShouldBe(RewriteStep.Wait);
        Look(Info(rewrites: null)).ShouldBe(RewriteStep.Finished);
    }

    private RewriteStep Look(RedisInfo info, string? rewritten = null) => _guard.Look(info, s_settings, rewritten);

    private static RedisInfo Info(long? rewrites, string run = "first", int running = 0, int scheduled = 0, string status = "ok") => RedisInfo.Parse(
        $"run_id:{run}\r\naof_enabled:1\r\naof_rewrite_in_progress:{running}\r\naof_rewrite_scheduled:{scheduled}\r\n"
        + $"aof_last_bgrewrite_status:{status}\r\n" + (rewrites is { } count ? $"aof_rewrites:{count}\r\n" : ""));
}

using Shouldly;
using Webcluster.Queue.Redis.Connection;
using Webcluster.TestKit.Redis;
using Xunit;

namespace Webcluster.Queue.Tests.Redis.Connection;

public sealed class RedisErrorReplyTests
{
    public static TheoryData<string, int, bool> Replies { get; } = new()
    {
        { "OOM command not allowed when used memory > 'maxmemory'.", (int)RedisTroubleKind.Full, false },
        { "MISCONF Errors writing to the AOF file: No space left on device", (int)RedisTroubleKind.NotPersisting, false },
        { "NOREPLICAS Not enough good replicas to write.", (int)RedisTroubleKind.NoReplicas, false },
        { "READONLY You can't write against a read only replica.", (int)RedisTroubleKind.ReadOnly, false },
        { "LOADING Redis is loading the dataset in memory", (int)RedisTroubleKind.Loading, false },
        { "MASTERDOWN Link with MASTER is down and replica-serve-stale-data is set to 'no'.", (int)RedisTroubleKind.Unavailable, false },
        { "CLUSTERDOWN The cluster is down", (int)RedisTroubleKind.ClusterDown, false },
        { "TRYAGAIN Multiple keys request during rehashing of slot", (int)RedisTroubleKind.SlotMoving, false },
        { "BUSY Redis is busy running a script.", (int)RedisTroubleKind.Busy, false },
        { "UNKILLABLE Sorry the script already executed write commands.", (int)RedisTroubleKind.Busy, false },
        { "NOAUTH Authentication required.", (int)RedisTroubleKind.Denied, false },
        { "NOPERM this user has no permissions to run the 'eval' command", (int)RedisTroubleKind.Denied, false },
        { "WRONGPASS invalid username-password pair or user is disabled.", (int)RedisTroubleKind.Denied, false },
        { "EXECABORT Transaction discarded because of previous errors.", (int)RedisTroubleKind.Unavailable, false },
        { "UNBLOCKED force unblock from blocking operation, instance state changed", (int)RedisTroubleKind.Unavailable, true },
        { "WRONGTYPE Operation against a key holding the wrong kind of value", (int)RedisTroubleKind.BadReply, true },
        { "ERR unknown command", (int)RedisTroubleKind.BadReply, true },
        { "OOMX is another word", (int)RedisTroubleKind.BadReply, true },
        { "oom is another word", (int)RedisTroubleKind.BadReply, true },
        { "OOM", (int)RedisTroubleKind.Full, false },
        { "-OOM as some servers hand it on", (int)RedisTroubleKind.Full, false },
        { "", (int)RedisTroubleKind.BadReply, true },
        { "ERR Error running script (call to f_1): @user_script:1: @user_script: 1: -OOM command not allowed", (int)RedisTroubleKind.Full, false },
        { "ERR Error running script (call to f_1): @user_script:1: user_script:1: attempt to index a nil value", (int)RedisTroubleKind.BadReply, true },
    };

    [Theory]
    [MemberData(nameof(Replies))]
    public void KindOf_Reply_IsDecidedByItsFirstWord(string reply, int kind, bool mayHaveHappened)
    {
        RedisErrorReply.KindOf(reply).ShouldBe((RedisTroubleKind)kind);
        RedisErrorReply.MayHaveHappened(reply).ShouldBe(mayHaveHappened);
    }

    [Fact]
    public void KindOf_AllReplies_CoverEveryKindAServerCanCause() =>
        Enum.GetValues<RedisTroubleKind>().Except(Replies.Select(row => (RedisTroubleKind)(int)row[1])).ShouldBe([RedisTroubleKind.Timeout]);

    [RedisFact]
    public async Task Run_RealErrorReplies_AreTheTable()
    {
        await using var daemon = await RedisDaemon.StartAsync();
        await using var link = await daemon.ConnectAsync();
        foreach (var row in Replies.Where(row => ((string)row[0]).Contains(' ')))
        {
            var reply = (string)row[0];
            var trouble = await LinkSamples.TroubleOfAsync(() => link.RunAsync(LinkSamples.Fault, ["wc:{0}:x"], [reply]));
            trouble.ShouldNotBeNull(reply);
            ((int)trouble.Kind).ShouldBe((int)row[1], reply);
            trouble.MayHaveHappened.ShouldBe((bool)row[2], reply);
        }
        link.IsUp.ShouldBeTrue("an error reply is no reason to give the connection up");
    }
}

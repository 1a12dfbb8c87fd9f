using Shouldly;
using Webcluster.Queue.Redis.Durability;
using Xunit;

namespace Webcluster.Queue.Tests.Redis.Durability;

public sealed class RedisInfoTests
{
    [Fact]
    public void Parse_Info_ReadsWhatIsAsked()
    {
        var info = RedisInfo.Parse(
            "# Server\r\nrun_id:ab12\r\n\r\n# Persistence\r\nloading:0\r\naof_enabled:1\r\naof_rewrite_in_progress:0\r\naof_rewrite_scheduled:1\r\n"
            + "aof_last_bgrewrite_status:err\r\naof_last_write_status:ok\r\naof_rewrites:3\r\n# Memory\r\nused_memory:1000\r\nmaxmemory:2000\r\n"
            + "maxmemory_policy:noeviction\r\n# Replication\r\nrole:master\r\nconnected_slaves:2\r\n"
            + "slave0:ip=::1,port=1,state=online,offset=1,lag=0\r\nslave1:ip=127.0.0.1,port=2,state=wait_bgsave,offset=0,lag=0\r\n");
        info.RunId.ShouldBe("ab12");
        info.IsPrimary.ShouldBeTrue();
        info.IsLoading.ShouldBeFalse();
        info.AppendOnly.ShouldBe(true);
        info.RewriteUnderWay.ShouldBeTrue();
        info.LastRewriteFailed.ShouldBeTrue();
        info.LastWriteFailed.ShouldBeFalse();
        info.Rewrites.ShouldBe(3);
        (info.UsedMemory, info.MaxMemory, info.EvictionPolicy).ShouldBe((1000, 2000, "noeviction"));
        info.OnlineReplicas.ShouldBe(1);
    }

    [Fact]
    public void Parse_NothingOrNonsense_PromisesNothing()
    {
        foreach (var text in new[] { "", ":", "::\r\n:x\r\n", "used_memory:-5\r\naof_enabled:yes\r\n", "no line at all" })
        {
            var info = RedisInfo.Parse(text);
            info.IsPrimary.ShouldBeFalse();
            info.AppendOnly.ShouldBeNull();
            info.Rewrites.ShouldBeNull();
            info.UsedMemory.ShouldBe(0);
            info.OnlineReplicas.ShouldBe(0);
        }
    }
}

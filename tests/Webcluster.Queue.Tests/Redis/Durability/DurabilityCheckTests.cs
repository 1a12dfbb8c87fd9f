using Shouldly;
using Webcluster.Protocol.Units;
using Webcluster.Queue.Redis.Durability;
using Xunit;

namespace Webcluster.Queue.Tests.Redis.Durability;

public sealed class DurabilityCheckTests
{
    private static readonly ServerSettings s_good = new("yes", "always", "no", "noeviction", "yes");

    public static TheoryData<string, string, string, string, string, string> Rows { get; } = new()
    {
        // mode, aof_enabled, appendfsync, no-appendfsync-on-rewrite, maxmemory-policy: lines that redis.conf needs
        { "Fsync", "1", "always", "no", "noeviction", "" },
        { "Fsync", "0", "always", "no", "noeviction", "appendonly yes" },
        { "Fsync", "1", "everysec", "no", "noeviction", "appendfsync always" },
        { "Fsync", "1", "no", "no", "noeviction", "appendfsync always" },
        { "Fsync", "1", "always", "yes", "noeviction", "no-appendfsync-on-rewrite no" },
        { "Fsync", "1", "always", "no", "allkeys-lru", "maxmemory-policy noeviction" },
        { "Fsync", "0", "everysec", "yes", "volatile-ttl",
            "maxmemory-policy noeviction|appendonly yes|appendfsync always|no-appendfsync-on-rewrite no" },
        { "Replicated", "1", "everysec", "no", "noeviction", "appendfsync always" },
        { "Relaxed", "1", "everysec", "yes", "noeviction", "" },
        { "Relaxed", "0", "no", "no", "noeviction", "" },
        { "Relaxed", "1", "always", "no", "allkeys-random", "maxmemory-policy noeviction" },
    };

    [Theory]
    [MemberData(nameof(Rows))]
    public void Of_Settings_NamesTheLinesThatAreNeeded(string mode, string aof, string fsync, string onRewrite, string policy, string lines)
    {
        var check = DurabilityCheck.Of(
            new DurabilityOptions { Mode = Enum.Parse<DurabilityMode>(mode) }, RedisInfo.Parse($"aof_enabled:{aof}\r\n"),
            s_good with { AppendFsync = fsync, NoFsyncOnRewrite = onRewrite, EvictionPolicy = policy });
        string.Join('|', check.Lines).ShouldBe(lines);
        check.Faults.Count.ShouldBe(check.Lines.Count);
        check.IsDurable.ShouldBe(lines.Length == 0);
        check.Unchecked.ShouldBeEmpty();
    }

    [Fact]
    public void Of_ServerThatTellsNothing_IsJudgedByInfoAndTheRestIsNamed()
    {
        var check = DurabilityCheck.Of(
            new DurabilityOptions(), RedisInfo.Parse("aof_enabled:1\r\nmaxmemory_policy:noeviction\r\n"), ServerSettings.Unknown);
        check.IsDurable.ShouldBeTrue();
        check.Unchecked.ShouldBe(["appendfsync", "no-appendfsync-on-rewrite"]);

        DurabilityCheck.Of(new DurabilityOptions(), RedisInfo.Parse("aof_enabled:0\r\nmaxmemory_policy:allkeys-lfu\r\n"), ServerSettings.Unknown)
            .Lines.ShouldBe(["maxmemory-policy noeviction", "appendonly yes"]);
        DurabilityCheck.Of(new DurabilityOptions(), RedisInfo.Parse(""), ServerSettings.Unknown)
            .Unchecked.ShouldBe(["maxmemory-policy", "appendonly", "appendfsync", "no-appendfsync-on-rewrite"]);
    }

    [Fact]
    public void Of_ProcessAndFileDisagree_TheProcessCounts() =>
        DurabilityCheck.Of(new DurabilityOptions(), RedisInfo.Parse("aof_enabled:0\r\n"), s_good).Lines.ShouldBe(["appendonly yes"]);

    [Fact]
    public void Problems_Options_AreNamed()
    {
        new DurabilityOptions().Problems().ShouldBeEmpty();
        new DurabilityOptions { Replicas = 0, ReplicaTimeout = TimeSpan.Zero, Memory = new ByteSize(0) }.Problems().Select(problem => problem.Key)
            .ShouldBe(["replicas", "replica_timeout", "memory"]);
    }
}

using Shouldly;
using Webcluster.Delivery.Pools;
using Webcluster.Delivery.Sources;
using Xunit;

namespace Webcluster.Delivery.Tests.Pools;

public sealed class EgressOptionsTests
{
    private static readonly SourceOptions[] Sources =
        [new() { Name = "a", Address = "192.0.2.1" }, new() { Name = "b", Address = "192.0.2.2" }];

    private static readonly PoolOptions Default = Pool("default", "", "a");

    public static TheoryData<string, EgressOptions, string[]> Rows => new()
    {
        { "nothing", EgressOptions.None, [] },
        { "sources alone", new([.. Sources], [], [new() { Users = ["u"], Pool = "default" }]), [] },
        { "all", new([.. Sources], [Default, Pool("bulk", "default", "b", "a")], [new() { Asked = ["bulk"] }, new() { Pool = "bulk" }]), [] },
        { "source twice", new([.. Sources, Sources[0]], [], []), ["sources[2].name"] },
        { "entries", new([new() { Name = "a" }], [], [new()]), ["sources[0].address", "pool_rules[0].pool"] },
        { "pools without sources", new([], [Pool("default", "", "a")], []), ["pools", "pools[0].sources[0].name"] },
        { "no default pool", new([.. Sources], [Pool("bulk", "", "a")], []), ["pools"] },
        { "empty pool", new([.. Sources], [Default, Pool("x", "")], []), ["pools[1].sources"] },
        { "pool twice", new([.. Sources], [Default, Pool("default", "", "b")], []), ["pools[1].name"] },
        { "unknown source", new([.. Sources], [Pool("default", "", "a", "c")], []), ["pools[0].sources[1].name"] },
        { "source twice in a pool", new([.. Sources], [Pool("default", "", "a", "a")], []), ["pools[0].sources[1].name"] },
        { "unknown fallback", new([.. Sources], [Pool("default", "x", "a")], []), ["pools[0].fallback"] },
        { "itself", new([.. Sources], [Pool("default", "default", "a")], []), ["pools[0].fallback"] },
        {
            "a cycle, and a way into it", new([.. Sources], [Pool("default", "x", "a"), Pool("x", "y"), Pool("y", "x")], []),
            ["pools[1].fallback", "pools[2].fallback"]
        },
        { "unknown pool in rules", new([.. Sources], [Default], [new() { Pool = "x" }, new() { Asked = ["default", "y"] }]), ["pool_rules[0].pool", "pool_rules[1].asked"] },
        { "rules without anything else", new([], [], [new() { Pool = "x" }]), ["pool_rules[0].pool"] },
        { "rule without pool", new([.. Sources], [Default], [new() { Users = ["u"] }]), ["pool_rules[0].pool"] },
        {
            "what is no domain", new([.. Sources], [Default], [new() { Pool = "default", SenderDomains = ["a..b", ".ok.test"], Destinations = [""] }]),
            ["pool_rules[0].sender_domains", "pool_rules[0].destinations"]
        },
    };

    [Theory]
    [MemberData(nameof(Rows))]
    public void Problems_AreAllNamed(string row, EgressOptions options, string[] keys) =>
        options.Problems().Select(problem => problem.Key).ShouldBe(keys, row);

    [Theory]
    [InlineData(0, false)]
    [InlineData(1, true)]
    [InlineData(1000, true)]
    [InlineData(1001, false)]
    public void Weight_HasBounds(int weight, bool allowed)
    {
        var pool = new PoolOptions { Name = "p", Sources = [new() { Name = "a", Weight = weight }] };
        pool.Problems().Any().ShouldBe(!allowed);
    }

    private static PoolOptions Pool(string name, string fallback, params string[] sources) =>
        new() { Name = name, Fallback = fallback, Sources = [.. sources.Select(source => new PoolSourceOptions { Name = source })] };
}

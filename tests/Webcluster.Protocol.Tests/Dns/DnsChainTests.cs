using System.Net;
using Shouldly;
using Webcluster.Protocol.Dns;
using Xunit;

namespace Webcluster.Protocol.Tests.Dns;

public sealed class DnsChainTests
{
    private static readonly DnsQuestion Question = new("a", DnsType.A);

    private static DnsRecord Alias(string name, string target, int ttl) => new DnsRecord.Alias(name, TimeSpan.FromSeconds(ttl), target);

    private static DnsRecord Address(string name, int ttl) => new DnsRecord.Address(name, TimeSpan.FromSeconds(ttl), IPAddress.Loopback);

    private static DnsChain Follow(int most, params DnsRecord[] answers) =>
        new DnsMessage(1, false, false, DnsResponseCode.NoError, Question, answers, null, false).Follow(Question, most);

    [Fact]
    public void Follow_Records_AreThoseOfTheName()
    {
        var chain = Follow(8, Address("b", 5), Address("a", 60), Address("a", 30));
        chain.Records.ShouldBe([Address("a", 60), Address("a", 30)]);
        (chain.Name, chain.Aliases, chain.Ttl, chain.IsTooLong).ShouldBe(("a", 0, TimeSpan.FromSeconds(30), false));
    }

    [Fact]
    public void Follow_AliasesInAnyOrder_LeadToTheRecords()
    {
        var chain = Follow(8, Address("c", 60), Alias("b", "c", 20), Alias("a", "b", 40));
        chain.Records.ShouldBe([Address("c", 60)]);
        (chain.Name, chain.Aliases, chain.Ttl).ShouldBe(("c", 2, TimeSpan.FromSeconds(20)));
    }

    [Fact]
    public void Follow_RecordsOfStrangers_AreNotTaken()
    {
        var chain = Follow(8, Alias("a", "b", 40), Address("c", 60));
        chain.Records.ShouldBeEmpty();
        (chain.Name, chain.Aliases, chain.IsTooLong).ShouldBe(("b", 1, false));
    }

    [Fact]
    public void Follow_Nothing_StaysWhereItIs()
    {
        var chain = Follow(8);
        (chain.Name, chain.Aliases, chain.Ttl, chain.IsTooLong).ShouldBe(("a", 0, TimeSpan.MaxValue, false));
    }

    [Theory]
    [InlineData(1, true)]
    [InlineData(2, false)]
    public void Follow_MostAliases_IsTheBound(int most, bool tooLong) =>
        Follow(most, Alias("a", "b", 1), Alias("b", "c", 1), Address("c", 1)).IsTooLong.ShouldBe(tooLong);

    [Fact]
    public void Follow_Circle_IsTooLong()
    {
        Follow(8, Alias("a", "b", 1), Alias("b", "a", 1)).IsTooLong.ShouldBeTrue();
        Follow(8, Alias("a", "a", 1)).IsTooLong.ShouldBeTrue();
    }

    [Fact]
    public void Follow_AliasAskedFor_IsTheRecord()
    {
        var question = new DnsQuestion("a", DnsType.Cname);
        var message = new DnsMessage(1, false, false, DnsResponseCode.NoError, question, [Alias("a", "b", 1), Alias("b", "c", 1)], null,
            false);
        message.Follow(question, 8).Records.ShouldBe([Alias("a", "b", 1)]);
    }
}

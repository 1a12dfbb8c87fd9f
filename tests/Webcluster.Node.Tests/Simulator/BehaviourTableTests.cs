using System.Text.Json;
using System.Text.RegularExpressions;
using Shouldly;
using Webcluster.Node.Simulator;
using Webcluster.TestKit;
using Xunit;

namespace Webcluster.Node.Tests.Simulator;

public partial class BehaviourTableTests
{
    [Theory]
    [InlineData("anna", "Dot Deliver")]
    [InlineData("", "Dot Deliver")]
    [InlineData("deliver+x", "Dot Deliver")]
    [InlineData("user-unknown", "Rcpt 550 5.1.1 no such user")]
    [InlineData("USER-Unknown", "Rcpt 550 5.1.1 no such user")]
    [InlineData("user-unknown+7", "Rcpt 550 5.1.1 no such user")]
    [InlineData("user-unknown7", "Dot Deliver")]
    [InlineData("mailbox-full", "Rcpt 552 5.2.2 mailbox full")]
    [InlineData("greylist", "Rcpt Greylist")]
    [InlineData("451", "Rcpt 451 4.0.0 as the local part asks")]
    [InlineData("450-4.2.0-busy", "Rcpt 450 4.2.0 as the local part asks")]
    [InlineData("550-5.1.1", "Rcpt 550 5.1.1 as the local part asks")]
    [InlineData("599", "Rcpt 599 5.0.0 as the local part asks")]
    [InlineData("400", "Rcpt 400 4.0.0 as the local part asks")]
    [InlineData("399", "Dot Deliver")]
    [InlineData("600", "Dot Deliver")]
    [InlineData("45", "Dot Deliver")]
    [InlineData("4510", "Dot Deliver")]
    [InlineData("451x", "Dot Deliver")]
    [InlineData("+451", "Dot Deliver")]
    [InlineData("550-4.1.1", "Rcpt 550 5.0.0 as the local part asks")]
    [InlineData("mail-451", "Mail 451 4.0.0 as the local part asks")]
    [InlineData("data-421-4.3.2", "Data 421 4.3.2 as the local part asks")]
    [InlineData("dot-554-5.6.0-x", "Dot 554 5.6.0 as the local part asks")]
    [InlineData("slow-rcpt", "Rcpt 10 s")]
    [InlineData("slow-dot-3", "Dot 3 s")]
    [InlineData("slow-data-0", "Data 0 s")]
    [InlineData("slow-dot-600", "Dot 600 s")]
    [InlineData("slow-dot-601", "Dot 600 s")]
    [InlineData("slow-dot-2147483648", "Dot Deliver")]
    [InlineData("slow-dot--1", "Dot Deliver")]
    [InlineData("421-after-5", "Rcpt after 5")]
    [InlineData("421-after-x", "Rcpt 421 4.0.0 as the local part asks")]
    [InlineData("drop-before-dot", "Data Drop")]
    [InlineData("drop-after-dot", "Dot Drop")]
    public void Of_LocalPart_IsItsBehaviour(string localPart, string expected) => Describe(BehaviourTable.Of(localPart)).ShouldBe(expected);

    [Fact]
    public void Words_AreThoseOfTheDocumentation()
    {
        var documented = Row().Matches(File.ReadAllText(DocsFile))
            .Select(match => $"{match.Groups["word"].Value} {match.Groups["stage"].Value}");
        documented.ShouldBe(BehaviourTable.Words.Select(word => $"{word.LocalPart} {word.Behaviour.Stage.ToString().ToLowerInvariant()}"));
    }

    [Fact]
    public void Faults_AreThoseOfTheDocumentation()
    {
        var documented = FaultRow().Matches(File.ReadAllText(DocsFile)).Select(match => match.Groups["fault"].Value);
        documented.ShouldBe(Enum.GetNames<ConnectionFault>().Skip(1).Select(JsonNamingPolicy.SnakeCaseLower.ConvertName));
    }

    private static string DocsFile => Path.Combine(SharedData.RepositoryRoot, "docs", "simulator.md");

    private static string Describe(Behaviour behaviour) => behaviour switch
    {
        Behaviour.Answer answer => $"{answer.Stage} {answer.Reply}",
        Behaviour.Delay delay => $"{delay.Stage} {delay.By.TotalSeconds} s",
        Behaviour.Exhaust exhaust => $"{exhaust.Stage} after {exhaust.Messages}",
        _ => $"{behaviour.Stage} {behaviour.GetType().Name}",
    };

    [GeneratedRegex(@"^\| `(?<word>[a-z-]+)` \| (?<stage>mail|rcpt|data|dot) \|", RegexOptions.Multiline, 1000)]
    private static partial Regex Row();

    [GeneratedRegex(@"^\| `(?<fault>[a-z_]+)` \| [a-z-]+\.test \|", RegexOptions.Multiline, 1000)]
    private static partial Regex FaultRow();
}

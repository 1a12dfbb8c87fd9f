using System.Globalization;
using Shouldly;
using Webcluster.Delivery.Wire;
using Webcluster.Delivery.Providers;
using Webcluster.Delivery.Providers.Replies;
using Webcluster.Node.Providers;
using Webcluster.Protocol.Smtp;
using Webcluster.Queue.Lanes;
using Webcluster.TestKit;
using Xunit.Abstractions;

namespace Webcluster.Node.Tests.Providers;

/// <summary>The catalogue's rules against real replies whose meaning somebody else has said.</summary>
public class ReplyCorpusTests(ITestOutputHelper output)
{
    // What may slow or stop a source: it was too fast, or its address is in bad repute.
    private static readonly string[] OfTheSource = ["rate-limited", "ip-reputation"];

    private readonly ProviderCatalogue _catalogue = ProviderCatalogueFile.Read();

    [SharedDataFact]
    public void Rules_RepliesThatMeanSomethingElse_DoNotAct()
    {
        var wrong = new List<string>();
        foreach (var provider in _catalogue.Providers)
            foreach (var row in Rows().Where(row => !row.Acceptable.Intersect(OfTheSource).Any()))
                if (RulesOf(provider.Name).Find(new Refusal(row.Reply, Stage.Rcpt)) is { Acts: true } rule)
                    wrong.Add($"{provider.Name}: {rule.Name} acts on {row.Reply}, which is {string.Join('|', row.Acceptable)}");
        wrong.ShouldBeEmpty();
    }

    [SharedDataFact]
    public void Rules_RepliesThatAskForLess_AreMostlyKnown()
    {
        var asking = Rows().Where(row => row is { Category: "rate-limited", Reply.IsTransient: true }).ToList();
        var unknown = asking.Where(row => !Acts(row.Reply)).Select(row => row.Reply.ToString()).Distinct().ToList();
        var blocked = Rows().Where(row => row is { Category: "ip-reputation", Reply.IsPermanent: true }).ToList();
        output.WriteLine($"4xx rate-limited: {asking.Count - unknown.Count} of {asking.Count}; not acted on:");
        foreach (var reply in unknown) output.WriteLine($"  {reply}");
        var missed = blocked.Where(row => !Acts(row.Reply)).Select(row => row.Reply.ToString()).ToList();
        output.WriteLine($"5xx ip-reputation: {blocked.Count - missed.Count} of {blocked.Count}; not acted on:");
        foreach (var reply in missed) output.WriteLine($"  {reply}");
        (asking.Count - unknown.Count).ShouldBeGreaterThan(asking.Count * 85 / 100);
        (blocked.Count - missed.Count).ShouldBeGreaterThan(blocked.Count * 75 / 100);
    }

    // Any provider's: which one sent a reply is mostly not on record.
    private bool Acts(SmtpReply reply) =>
        _catalogue.Providers.Exists(provider => RulesOf(provider.Name).Find(new Refusal(reply, Stage.Rcpt)) is { Acts: true });

    private ReplyRules RulesOf(string provider)
    {
        var book = new ProviderBook(ProviderSetup.Empty with { Catalogue = _catalogue });
        return book.PolicyOf(new LaneKey(provider, "mx.test", "default")).Rules;
    }

    private static IEnumerable<Row> Rows()
    {
        foreach (var line in File.ReadLines(SharedData.Path("replies.tsv")).Skip(1))
        {
            var cells = line.Split('\t');
            if (Parse(cells[1].Trim('"')) is { } reply) yield return new Row(reply, cells[2], cells[8].Split('|'));
        }
    }

    private static SmtpReply? Parse(string line)
    {
        if (line.Length < 4 || !int.TryParse(line.AsSpan(0, 3), NumberStyles.None, CultureInfo.InvariantCulture, out var code)) return null;
        var text = line[4..];
        return EnhancedCode.TryParsePrefix(text, out var enhanced, out var length) && enhanced.Class == code / 100
            ? new SmtpReply(code, enhanced, text[length..].TrimStart())
            : new SmtpReply(code, default, text);
    }

    private sealed record Row(SmtpReply Reply, string Category, string[] Acceptable);
}

using System.Text.RegularExpressions;
using Shouldly;
using Webcluster.EndToEnd.Harness;
using Webcluster.TestKit.Webhooks;
using Xunit;

namespace Webcluster.EndToEnd.Returns;

/// <summary>
/// What comes back, on each of the queues: a late bounce and a complaint are an event on every node, a suppressed address, a webhook and a
/// metric; what is forged is none of these.
/// </summary>
public sealed partial class WayBackTests
{
    private const string OnTheList = "550 5.1.1 Recipient is on the suppression list";

    [GeneratedRegex("from=<b\\+(?<token>[a-z2-7]{61})@bounce\\.example\\.com>", RegexOptions.None, 1000)]
    private static partial Regex ReturnPath { get; }

    [PeerTheory("postfix", "swaks", "redis-server", "node", "npm")]
    [InlineData("redis")]
    [InlineData("embedded")]
    public async Task MailThatBouncesLater_IsKnownOnEveryNode_SuppressesAndIsTold(string queue)
    {
        StandardWebhooksLibrary.Missing.ShouldBeNull();
        await using var way = await WayBack.StartAsync(queue);
        var message = await way.SubmitAsync("nobody@later.example");

        foreach (var happened in await way.EventsAsync(message, "bounced_later"))
        {
            happened.GetProperty("recipient").GetString().ShouldBe("nobody@later.example");
            happened.GetProperty("status").GetString().ShouldBe("5.1.1");
            happened.GetProperty("bounce").GetString().ShouldBe("invalid-recipient");
            happened.GetProperty("node").GetString().ShouldBe("one.example.com");
        }

        (await way.RcptAsync("Nobody@later.example")).ShouldAllBe(reply => reply.StartsWith(OnTheList));
        var told = await way.WebhookAsync("message.bounced_later", message);
        told.GetProperty("recipient").GetString().ShouldBe("nobody@later.example");
        await way.CountedAsync("webcluster_returned_total{kind=\"bounce\"} 1");

        // The same with one letter of its signature changed.
        var token = ReturnPath.Match(way.Postfix.Log).Groups["token"].Value;
        var forged = token[..^2] + (token[^2] == 'a' ? 'b' : 'a') + token[^1];
        (await way.BringAsync($"b+{forged}@bounce.example.com")).ShouldContain("550 5.1.1");
        await way.CountedAsync("webcluster_returned_refused_total{reason=\"forged\",token=\"return_path\"} 1");
    }

    [PeerTheory("postfix", "swaks", "redis-server", "node", "npm", "python3")]
    [InlineData("redis")]
    [InlineData("embedded")]
    public async Task Complaint_InTheFormOfLargeProviders_IsKnownOnEveryNode_SuppressesAndIsTold(string queue)
    {
        StandardWebhooksLibrary.Missing.ShouldBeNull();
        await using var way = await WayBack.StartAsync(queue);
        var message = await way.SubmitAsync("ann@kept.example");
        var mail = await way.Postfix.KeptAsync(() => way.Nodes[^1].Process.Output);

        using var folder = new TemporaryFolder();
        var report = folder.Write("report.eml", await FeedbackReport.OfAsync(mail));
        (await way.BringAsync("fbl@bounce.example.com", "--data", $"@{report}")).ShouldContain("250 2.0.0");

        foreach (var happened in await way.EventsAsync(message, "complained"))
            happened.GetProperty("recipient").GetString().ShouldBe("ann@kept.example");
        (await way.RcptAsync("ann@kept.example")).ShouldAllBe(reply => reply.StartsWith(OnTheList));
        (await way.WebhookAsync("message.complained", message)).GetProperty("recipient").GetString().ShouldBe("ann@kept.example");
        await way.CountedAsync("webcluster_returned_total{kind=\"complaint\"} 1");
    }
}

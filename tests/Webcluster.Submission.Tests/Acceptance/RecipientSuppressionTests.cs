using Shouldly;
using Webcluster.Queue.Suppression;
using Webcluster.Submission.Tests.Harness;
using Xunit;

namespace Webcluster.Submission.Tests.Acceptance;

/// <summary>Recipients that are on the suppression list, from RCPT to what is stored.</summary>
public sealed class RecipientSuppressionTests
{
    private const string Refused = "550 5.1.1 Recipient is on the suppression list; mail to it is not sent\r\n";

    [Theory]
    [InlineData("")]
    [InlineData("default")]
    public async Task Rcpt_Suppressed_IsRefusedAndTheOthersGo(string tenant)
    {
        using var server = new SubmissionServer();
        server.Suppressed.Add("b@y.example", tenant);

        (await RecipientsAsync(server, "B@Y.example", "c@y.example")).ShouldBe($"{Refused}250 2.1.5 Ok\r\n");

        server.Queue.Single.Deliveries.SelectMany(delivery => delivery.Recipients).ShouldHaveSingleItem().Address.LocalPart.ShouldBe("c");
        server.Log.Entries.ShouldContain(entry => entry.Id == 1003 && entry.Text.Contains("<B@y.example> of tenant default", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Rcpt_SuppressedForAnotherTenant_IsTaken()
    {
        using var server = new SubmissionServer();
        server.Suppressed.Add("b@y.example", "other");

        (await RecipientsAsync(server, "b@y.example")).ShouldBe("250 2.1.5 Ok\r\n");
    }

    [Fact]
    public async Task Rcpt_SuppressedAreAccepted_NobodyIsAsked()
    {
        using var server = new SubmissionServer();
        server.Suppressed.Add("b@y.example");
        server.Suppression.AtRcpt = SuppressionAtRcpt.Accept;

        (await RecipientsAsync(server, "b@y.example")).ShouldBe("250 2.1.5 Ok\r\n");

        server.Suppressed.Asked.ShouldBeEmpty();
    }

    [Fact]
    public async Task Rcpt_ListAway_IsRefusedForNow()
    {
        using var server = new SubmissionServer { ExpectedLog = [1004] };
        server.Suppressed.IsAway = true;

        (await RecipientsAsync(server, "b@y.example")).ShouldStartWith("451 4.3.0 Suppression list not available");

        server.Queue.Stored.ShouldBeEmpty();
    }

    [Fact]
    public async Task Rcpt_ManySuppressed_AreNoErrorsOfTheClient()
    {
        using var server = new SubmissionServer();
        server.Options.Limits.Errors = 2;
        var addresses = Enumerable.Range(0, 20).Select(i => $"user{i}@y.example").ToArray();
        foreach (var address in addresses) server.Suppressed.Add(address);

        (await RecipientsAsync(server, [.. addresses, "c@y.example"])).ShouldBe(string.Concat(Enumerable.Repeat(Refused, 20)) + "250 2.1.5 Ok\r\n");
    }

    /// <summary>The replies to RCPT; the message is stored where one of them was good.</summary>
    private static async Task<string> RecipientsAsync(SubmissionServer server, params string[] recipients)
    {
        var client = server.Connect();
        await client.ExpectAsync("220");
        await client.AskAsync("HELO c", "250");
        await client.AskAsync("MAIL FROM:<a@x.example>", "250");
        var replies = "";
        foreach (var recipient in recipients)
        {
            await client.SendAsync($"RCPT TO:<{recipient}>\r\n");
            replies += await client.ReadReplyAsync();
        }

        await client.SendAsync("DATA\r\nFrom: a@x.example\r\n\r\nhi\r\n.\r\nQUIT\r\n");
        await client.ReadToEndAsync();
        return replies;
    }
}

using System.Text;
using System.Text.RegularExpressions;
using Shouldly;
using Webcluster.Protocol.Dkim;
using Webcluster.Protocol.Headers;
using Webcluster.Protocol.Tokens;
using Webcluster.Submission.Tests.Harness;
using Webcluster.Submission.Unsubscribing;
using Xunit;

namespace Webcluster.Submission.Tests.Unsubscribing;

/// <summary>Which mail gets links, and what they say.</summary>
public sealed partial class UnsubscribeLinksTests
{
    private const string Mail = "From: a@x.example\r\nTo: b@y.example\r\nSubject: t\r\n\r\nbody\r\n";

    [GeneratedRegex(
        "^List-Unsubscribe: <https://mail\\.example\\.com/unsubscribe/(?<token>[\\w-]+)>,\r\n <mailto:unsubscribe@bounce\\.example\\.com\\?subject="
        + "(?<same>[\\w-]+)>\r\nList-Unsubscribe-Post: List-Unsubscribe=One-Click\r\n", RegexOptions.Multiline, 1000)]
    private static partial Regex Fields { get; }

    [Theory]
    [InlineData("", "", false)]
    [InlineData("X-WC-Unsubscribe: yes\r\n", "", true)]
    [InlineData("x-wc-unsubscribe:  YES \r\n", "", true)]
    [InlineData("X-WC-Unsubscribe: no\r\n", "", false)]
    [InlineData("X-WC-Unsubscribe: no\r\n", "default", false)]
    [InlineData("X-WC-Unsubscribe: two words\r\n", "default", true)]
    [InlineData("", "default", true)]
    [InlineData("", "*", true)]
    [InlineData("", "other", false)]
    [InlineData("List-Unsubscribe: <mailto:stop@x.example>\r\n", "default", false)]
    [InlineData("List-Unsubscribe-Post: List-Unsubscribe=One-Click\r\n", "default", false)]
    public async Task Accept_HeaderAndTenant_DecideWhetherThereAreLinks(string field, string tenants, bool expected)
    {
        using var server = ServerFor(tenants);
        await SendAsync(server, field + Mail);
        var text = FakeQueue.Text(server.Queue.Single);
        Fields.IsMatch(text).ShouldBe(expected, text);
        text.ShouldNotContain("X-WC-", Case.Insensitive);
    }

    [Theory]
    [InlineData("yes", "")]
    [InlineData("weekly-news", "weekly-news")]
    public async Task Accept_Token_SaysWhoseItIs(string wish, string list)
    {
        using var server = ServerFor("");
        await SendAsync(server, $"X-WC-Unsubscribe: {wish}\r\n{Mail}");
        var match = Fields.Match(FakeQueue.Text(server.Queue.Single));
        match.Groups["token"].Value.ShouldBe(match.Groups["same"].Value);
        server.Links!.Read(match.Groups["token"].Value, server.Clock.GetUtcNow(), out var token).ShouldBe(TokenProblem.None);
        token.ShouldBe(new UnsubscribeToken("default", list, new("b", "y.example"), new DateOnly(2029, 11, 21)));
    }

    [Fact]
    public async Task Accept_SeveralRecipients_GetNoLinks()
    {
        using var server = ServerFor("*");
        await SendAsync(server, Mail, "<b@y.example>", "<c@y.example>");
        FakeQueue.Text(server.Queue.Single).ShouldNotContain("List-Unsubscribe");
    }

    // rfc8058#4: a link that is not signed is not used.
    [Fact]
    public async Task Accept_SignedMail_HasTheFieldsInTheSignature()
    {
        using var server = ServerFor("*");
        using var key = DkimKey.FromPem("x.example", "s", DkimKey.GeneratePem(DkimAlgorithm.Ed25519Sha256), out _)!;
        server.Keys.Current = new DkimKeyRing([key]);
        server.Paths = TokenKeys.Paths;
        await SendAsync(server, Mail);
        var header = HeaderBlock.Scan(Encoding.Latin1.GetBytes(FakeQueue.Text(server.Queue.Single)));
        var names = header.FirstValue("DKIM-Signature"u8)!.Split("h=")[1].Split(';')[0].Replace(" ", "", StringComparison.Ordinal)
            .Replace("\t", "", StringComparison.Ordinal).Split(':');
        names.Count(name => name == "List-Unsubscribe").ShouldBe(2);
        names.Count(name => name == "List-Unsubscribe-Post").ShouldBe(2);
        names.ShouldContain(ReturnPaths.ReferenceField);
    }

    [Fact]
    public async Task Accept_ReturnPathsConfigured_NamesTheMessage()
    {
        using var server = ServerFor("");
        server.Paths = TokenKeys.Paths;
        await SendAsync(server, Mail);
        var header = HeaderBlock.Scan(Encoding.Latin1.GetBytes(FakeQueue.Text(server.Queue.Single)));
        var reference = header.FirstValue("X-Webcluster-Ref"u8).ShouldNotBeNull();
        TokenKeys.Paths.ReadReference(reference, server.Clock.GetUtcNow(), out var token).ShouldBe(TokenProblem.None);
        token.Message.ShouldBe(server.Queue.Single.Id.Value);
        token.Recipient.ShouldBe(RecipientMark.Of(token.Message, "default", new Protocol.Addresses.Mailbox("b", "y.example")));
    }

    [Fact]
    public async Task Accept_AddressTooOddForOneLine_StaysWithinTheLimitOfLines()
    {
        using var server = ServerFor("*");
        await SendAsync(server, Mail, $"<{new string('b', 64)}@{new string('d', 58)}.{new string('e', 58)}.{new string('f', 58)}.example>");
        foreach (var line in FakeQueue.Text(server.Queue.Single).Split("\r\n")) line.Length.ShouldBeLessThanOrEqualTo(998);
    }

    private static SubmissionServer ServerFor(string tenants)
    {
        var options = new UnsubscribeOptions { Url = "https://mail.example.com/", Tenants = [.. tenants.Split(',')] };
        return new SubmissionServer { Links = new UnsubscribeLinks(options, TokenKeys.Ring, TokenKeys.Paths) };
    }

    private static async Task SendAsync(SubmissionServer server, string content, params string[] recipients)
    {
        var client = server.Connect();
        await client.ExpectAsync("220 ");
        await client.AskAsync("EHLO client.example", "250-");
        await client.AskAsync("MAIL FROM:<a@x.example>", "250 ");
        foreach (var recipient in recipients.DefaultIfEmpty("<b@y.example>")) await client.AskAsync($"RCPT TO:{recipient}", "250 ");
        await client.AskAsync("DATA", "354 ");
        await client.AskAsync(content + ".", "250 ");
    }
}

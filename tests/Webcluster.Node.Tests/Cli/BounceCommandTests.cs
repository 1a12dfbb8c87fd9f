using System.Text.Json;
using Shouldly;
using Webcluster.Node.Cli;
using Webcluster.TestKit;
using Xunit;

namespace Webcluster.Node.Tests.Cli;

public sealed class BounceCommandTests : IDisposable
{
    private const string Bounce = "Return-Path: <>\nFrom: MAILER-DAEMON@relay.example\nTo: me@shop.example\nSubject: failure notice\n\n"
        + "I wasn't able to deliver: unable to deliver.\n\n<ann@a.example>:\n550 5.1.1 User unknown\n";

    private const string Header = "file\treport_index\tis_bounce\texpected_recipient\texpected_status\tfeedback_type\tunified_category";

    private readonly TemporaryFolder _folder = new();
    private readonly StringWriter _output = new() { NewLine = "\n" };
    private readonly StringWriter _errors = new() { NewLine = "\n" };

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Parse_Mail_PrintsOneLineOfJson()
    {
        _folder.Write("a.eml", Bounce);
        (await RunAsync("bounce", "parse", "a.eml")).ShouldBe(ExitCode.Ok);
        var report = JsonDocument.Parse(_output.ToString().TrimEnd('\n')).RootElement;
        report.GetProperty("file").GetString().ShouldBe("a.eml");
        report.GetProperty("kind").GetString().ShouldBe("bounce");
        report.GetProperty("recipient").GetString().ShouldBe("ann@a.example");
        report.GetProperty("status").GetString().ShouldBe("5.1.1");
        report.GetProperty("reply").GetInt32().ShouldBe(550);
        report.GetProperty("permanent").GetBoolean().ShouldBeTrue();
        report.GetProperty("category").GetString().ShouldBe("invalid-recipient");
        report.GetProperty("reference").ValueKind.ShouldBe(JsonValueKind.Null);
    }

    [Fact]
    public async Task Parse_SeveralFilesAndAnMbox_PrintsALineForEachMail()
    {
        _folder.Write("mbox", $"From x Sun Nov 22 10:00:00 2026\n{Bounce}\nFrom y Sun Nov 22 10:00:01 2026\nSubject: hello\n\nFrom here on it is text\n");
        _folder.Write("empty.eml", "");
        (await RunAsync("bounce", "parse", "mbox", "empty.eml")).ShouldBe(ExitCode.Ok);
        Kinds().ShouldBe(["bounce", "other", "other"]);
    }

    [Fact]
    public async Task Parse_MissingFile_IsAnError()
    {
        (await RunAsync("bounce", "parse", "nowhere.eml")).ShouldBe(ExitCode.Error);
        _errors.ToString().ShouldContain("nowhere.eml");
    }

    [Fact]
    public async Task Evaluate_Index_EndsWithTheFigures()
    {
        _folder.Write("mails/a.eml", Bounce);
        _folder.Write("mails/b.eml", "From: Jo <jo@people.example>\nSubject: hello\n\nhello\n");
        var index = _folder.Write("mails/index.tsv", $"{Header}\na.eml\t1\t1\tann@a.example\t5.1.1\t\tinvalid-recipient\n"
            + "a.eml\t1\t1\tben@b.example\t4.2.2\t\tmailbox-full\nb.eml\t\t0\t\t\t\t\nb.eml\t\t\t\t\tabuse\t\n");
        (await RunAsync("bounce", "evaluate", index, "--misses")).ShouldBe(ExitCode.Ok);
        _output.ToString().ShouldContain("a.eml\trecipient\tben@b.example\tann@a.example\n");
        _output.ToString().ShouldContain("b.eml\tcomplaint\t\tother\n");
        _output.ToString().ShouldEndWith("figure bounce_recipient 0.5000\nfigure bounce_permanence 0.5000\nfigure bounce_category 0.5000\n"
            + "figure bounce_false_positives 0\n");
    }

    [Fact]
    public async Task Evaluate_BounceThatIsNone_IsCounted()
    {
        _folder.Write("a.eml", Bounce);
        var index = _folder.Write("index.tsv", $"{Header}\na.eml\t\t0\t\t\t\t\n");
        (await RunAsync("bounce", "evaluate", index)).ShouldBe(ExitCode.Ok);
        _output.ToString().ShouldEndWith("figure bounce_false_positives 1\n");
    }

    [Fact]
    public async Task Evaluate_AcceptableColumn_Counts()
    {
        _folder.Write("a.eml", Bounce);
        var index = _folder.Write("index.tsv", $"{Header}\tacceptable\na.eml\t1\t1\t\t\t\tpolicy\tinvalid-recipient,inactive-mailbox\n");
        (await RunAsync("bounce", "evaluate", index)).ShouldBe(ExitCode.Ok);
        _output.ToString().ShouldContain("figure bounce_category 1.0000\n");
    }

    [SharedDataFact]
    public async Task Evaluate_RealMails_IsGoodEnough()
    {
        (await RunAsync("bounce", "evaluate", SharedData.Path("bounces/index.tsv"))).ShouldBe(ExitCode.Ok);
        Figure("bounce_recipient").ShouldBeGreaterThan(0.97);
        Figure("bounce_permanence").ShouldBeGreaterThan(0.97);
        Figure("bounce_complaints").ShouldBe(1);
        Figure("bounce_false_positives").ShouldBe(0);
    }

    private double Figure(string name) =>
        double.Parse(_output.ToString().Split('\n').Single(line => line.StartsWith($"figure {name} ", StringComparison.Ordinal)).Split(' ')[2]);

    private List<string?> Kinds() =>
        [.. _output.ToString().TrimEnd('\n').Split('\n').Select(line => JsonDocument.Parse(line).RootElement.GetProperty("kind").GetString())];

    private Task<int> RunAsync(params string[] arguments) =>
        CommandLine.InvokeAsync(arguments, new CliContext(TextReader.Null, _output, _errors, new Dictionary<string, string>(), _folder.Path));
}

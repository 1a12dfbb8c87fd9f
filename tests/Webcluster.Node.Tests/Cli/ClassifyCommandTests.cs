using System.Globalization;
using Shouldly;
using Webcluster.Node.Cli;
using Webcluster.TestKit;
using Xunit;

namespace Webcluster.Node.Tests.Cli;

public sealed class ClassifyCommandTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly StringWriter _output = new() { NewLine = "\n" };
    private readonly StringWriter _errors = new() { NewLine = "\n" };

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Line_KnownReply_SaysWhatItMeans()
    {
        (await RunAsync("classify", "line", "550 5.1.1 User unknown")).ShouldBe(ExitCode.Ok);
        _output.ToString().ShouldBe(
            "class        invalid-recipient\npermanent    yes\nby           rule invalid-recipient\nconfidence   1.00\n"
            + "consequence  fail, suppress the address\n");
    }

    [Fact]
    public async Task Line_WithRules_AsksThemFirst()
    {
        var rules = File("rules.txt", "rule ours = greylisted\nprovider google\ntext user unknown\n");
        (await RunAsync("classify", "line", "550 5.1.1 User unknown", "--rules", rules, "--provider", "google")).ShouldBe(ExitCode.Ok);
        _output.ToString().ShouldContain("by           rule ours\n");
        _output.ToString().ShouldContain("consequence  retry\n");
    }

    [Fact]
    public async Task Evaluate_Sheet_EndsWithFigures()
    {
        var sheet = File("sheet.tsv",
            "weight\treply\tunified_category\tacceptable\n"
            + "3\t550 5.1.1 User unknown\tinvalid-recipient\t\n"
            + "1\t550 5.1.1 User unknown\tpolicy\tpolicy|spam-content\n"
            + "\t552 5.2.2 Mailbox full\tpermanent-other\tmailbox-full\n"
            + "\t550 x\tnonsense\t\n");
        (await RunAsync("classify", "evaluate", sheet)).ShouldBe(ExitCode.Ok);
        var output = _output.ToString();
        output.ShouldContain("lines       3 (1 left out: no reply or no known class)\n");
        output.ShouldContain("acceptable  0.6667\n");
        output.ShouldContain("strict      0.3333\n");
        output.ShouldContain("weighted    0.7500 of what 2 lines with a weight stand for\n");
        output.ShouldContain(
            "wrong suppressions:\n  invalid-recipient (rule invalid-recipient), wanted policy|spam-content: 550 5.1.1 User unknown\n");
        output.ShouldEndWith("figure classify_acceptable 0.6667\nfigure classify_wrong_suppressions 1\n");
    }

    [Theory]
    [InlineData("", "the file is empty")]
    [InlineData("a\tb\n1\t2\n", "the first line names no column 'reply'")]
    [InlineData("reply\n550 x\n", "the first line names no column 'unified_category'")]
    public async Task Evaluate_WrongFile_IsOneLine(string text, string problem)
    {
        var sheet = File("sheet.tsv", text);
        (await RunAsync("classify", "evaluate", sheet)).ShouldBe(ExitCode.Error);
        _errors.ToString().ShouldBe($"webcluster: {sheet}: {problem}\n");
        _output.ToString().ShouldBeEmpty();
    }

    [Theory]
    [InlineData("--rules", "text x\n", ":1: 'text' stands outside of a rule")]
    [InlineData("--rules", "x\ny\n", ":1: 'x' stands outside of a rule (and 1 more)")]
    [InlineData("--model", "x\n", ": line 1 is none of a model")]
    public async Task Line_WrongFile_IsOneLine(string option, string text, string problem)
    {
        var file = File("wrong", text);
        (await RunAsync("classify", "line", "550 x", option, file)).ShouldBe(ExitCode.Error);
        _errors.ToString().ShouldBe($"webcluster: {file}{problem}\n");
    }

    [Fact]
    public async Task Evaluate_MissingFileOrWrongFolds_IsOneLine()
    {
        (await RunAsync("classify", "evaluate", "/nowhere.tsv")).ShouldBe(ExitCode.Error);
        (await RunAsync("classify", "evaluate", "/nowhere.tsv", "--folds", "1")).ShouldBe(ExitCode.Usage);
        _errors.ToString().ShouldBe("webcluster: /nowhere.tsv: there is no such file\nwebcluster: --folds is 2 to 20\n");
    }

    [Fact]
    public async Task Unsure_List_CanBeLabelledAndLearned()
    {
        var replies = File("replies.tsv", "reply\n550 qqqq wwww 1\n550 qqqq wwww 2\n550 5.1.1 User unknown\n");
        (await RunAsync("classify", "unsure", replies)).ShouldBe(ExitCode.Ok);
        var list = _output.ToString();
        list.ShouldBe(
            "unified_category\tweight\tguess\treply\n\t1\tpermanent-other\t550 qqqq wwww 1\n\t1\tpermanent-other\t550 qqqq wwww 2\n");

        var labelled = File("labelled.tsv", list.Replace("\n\t", "\ndns-failure\t", StringComparison.Ordinal));
        var model = Path.Combine(_folder.Path, "model.tsv");
        (await RunAsync("classify", "train", "--from", labelled, "--out", model)).ShouldBe(ExitCode.Ok);
        System.IO.File.ReadAllText(model).ShouldContain("# from labelled.tsv: 2\n");

        _output.GetStringBuilder().Clear();
        (await RunAsync("classify", "line", "550 qqqq wwww", "--model", model)).ShouldBe(ExitCode.Ok);
        _output.ToString().ShouldStartWith("class        dns-failure\npermanent    yes\nby           model\n");
    }

    [SharedDataFact]
    public async Task Evaluate_SharedReplies_ByFolds_ReachTheGoal()
    {
        (await RunAsync("classify", "evaluate", SharedData.Path("replies.tsv"), "--folds", "5")).ShouldBe(ExitCode.Ok);
        var lines = _output.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries);
        lines[^2].ShouldStartWith("figure classify_acceptable ");
        double.Parse(lines[^2].Split(' ')[^1], CultureInfo.InvariantCulture).ShouldBeGreaterThan(0.9);
        lines[^1].ShouldBe("figure classify_wrong_suppressions 0");
    }

    private string File(string name, string text) => _folder.Write(name, text);

    private Task<int> RunAsync(params string[] arguments) => CommandLine.InvokeAsync(
        arguments, new CliContext(TextReader.Null, _output, _errors, new Dictionary<string, string>(), _folder.Path));
}

using System.CommandLine;
using Webcluster.Node.Classification;
using Webcluster.Node.Files;
using Webcluster.Node.Http;
using Webcluster.Protocol.Classification;
using Webcluster.Protocol.Classification.Learning;

namespace Webcluster.Node.Cli;

/// <summary>`classify`: what replies mean, how often that is right, and how it is learned. Asks files; only `unsure` without one asks the
/// running node.</summary>
internal static class ClassifyCommand
{
    private const int MostFolds = 20;

    public static Command Create(CliContext context, Option<string?> config) => new(
        "classify", "What servers' replies mean: ask, measure, teach.")
    {
        Line(context),
        Evaluate(context),
        Unsure(context, new RunningNode(context, config)),
        Train(context),
    };

    private static Command Line(CliContext context)
    {
        var reply = new Argument<string>("reply") { Description = "The reply as the server wrote it, such as \"550 5.1.1 User unknown\"." };
        var provider = new Option<string?>("--provider")
        {
            Description = "The provider that said it, by its name in the catalogue.", HelpName = "NAME",
        };
        var files = new ClassifierOptions();
        var command = new Command("line", "Print what one reply means.") { reply, provider, files.Rules, files.Model, files.Threshold };
        command.SetAction(parsed =>
        {
            if (files.Load(parsed, out var problem) is not { } classifier) return context.Fail(problem);
            ConsequenceText.Print(context.Out, classifier.Classify(parsed.GetValue(reply)!, parsed.GetValue(provider)));
            return ExitCode.Ok;
        });
        return command;
    }

    private static Command Evaluate(CliContext context)
    {
        var file = new Argument<string>("file") { Description = "Labelled replies, tab-separated (docs/classification.md)." };
        var folds = new Option<int?>("--folds") { Description = "Cross-validate: the model learns from the other folds.", HelpName = "N" };
        var misses = new Option<bool>("--misses") { Description = "List every line without an acceptable answer." };
        var files = new ClassifierOptions();
        var command = new Command("evaluate", "Measure how right the answers are.")
        {
            file, folds, misses, files.Rules, files.Model, files.Threshold,
        };
        command.SetAction(parsed =>
        {
            var into = parsed.GetValue(folds);
            if (into is < 2 or > MostFolds) return context.Fail($"--folds is 2 to {MostFolds}", ExitCode.Usage);
            if (into is not null && parsed.GetValue(files.Model) is not null)
                return context.Fail("--folds trains models of its own; leave --model out", ExitCode.Usage);
            if (files.Load(parsed, out var problem) is not { } classifier) return context.Fail(problem);
            if (ClassifierFiles.Sheet(parsed.GetValue(file)!, labelled: true, out problem) is not { } sheet) return context.Fail(problem);
            var evaluation = into is { } parts ? Evaluation.ByFolds(classifier, sheet, parts) : Evaluation.Of(classifier, sheet);
            EvaluationText.Print(context.Out, evaluation, parsed.GetValue(misses));
            return ExitCode.Ok;
        });
        return command;
    }

    private static Command Unsure(CliContext context, RunningNode running)
    {
        var file = new Argument<string?>("file")
        {
            Description = "Replies, tab-separated, with a column 'reply'. Without: what the running node was told.",
            Arity = ArgumentArity.ZeroOrOne,
        };
        var files = new ClassifierOptions();
        var command = new Command("unsure", "List what neither a rule nor the model is sure of, to be labelled.")
        {
            file, files.Rules, files.Model, files.Threshold, running.Url, running.TokenFile,
        };
        command.SetAction((parsed, cancellation) => parsed.GetValue(file) is { } sheet
            ? Task.FromResult(UnsureOf(sheet, files, parsed, context))
            : running.AskAsync(parsed, async client =>
            {
                var view = await client.GetAsync<UnsureRepliesView>("/admin/v1/replies/unsure", cancellation);
                UnsureLines.Print(context.Out, view.Replies.Select(reply => ((double)reply.Count, reply.Guess, reply.Reply)));
                return ExitCode.Ok;
            }));
        return command;
    }

    private static int UnsureOf(string file, ClassifierOptions files, ParseResult parsed, CliContext context)
    {
        if (files.Load(parsed, out var problem) is not { } classifier) return context.Fail(problem);
        if (ClassifierFiles.Sheet(file, labelled: false, out problem) is not { } sheet) return context.Fail(problem);
        UnsureLines.Print(context.Out, classifier, sheet);
        return ExitCode.Ok;
    }

    private static Command Train(CliContext context)
    {
        var from = new Option<string[]>("--from")
        {
            Description = "Labelled replies of your own, besides the shipped ones; may be given several times.", HelpName = "FILE",
        };
        var to = new Option<string>("--out") { Description = "Where to write the model.", HelpName = "FILE", Required = true };
        var command = new Command("train", "Learn a model from labelled replies.") { from, to };
        command.SetAction(parsed =>
        {
            var lines = ModelTraining.ShippedLines().ToList();
            var sources = new List<string> { $"shipped lines: {lines.Count}" };
            foreach (var file in parsed.GetValue(from) ?? [])
            {
                if (ClassifierFiles.Sheet(file, labelled: true, out var problem) is not { } sheet) return context.Fail(problem);
                lines.AddRange(sheet.Rows.Select(row => new LabelledLine(row.Reply, row.Class!.Value)));
                sources.Add($"{Path.GetFileName(file)}: {sheet.Rows.Count}");
            }
            PrivateFile.WriteReadable(parsed.GetValue(to)!, ModelTraining.Train(lines, sources, out var figures));
            context.Out.WriteLine(figures);
            return ExitCode.Ok;
        });
        return command;
    }

    /// <summary>What replaces or extends the shipped classifier, the same for all verbs.</summary>
    private sealed class ClassifierOptions
    {
        public Option<string?> Rules { get; } = new("--rules")
        {
            Description = "Rules of your own, asked before the shipped ones.", HelpName = "FILE",
        };

        public Option<string?> Model { get; } = new("--model")
        {
            Description = "A model in place of the shipped one.", HelpName = "FILE",
        };

        public Option<double?> Threshold { get; } = new("--threshold")
        {
            Description = "How sure the model must be, 0 to 1. Default what the model's file says.", HelpName = "P",
        };

        public ReplyClassifier? Load(ParseResult parsed, out string problem)
        {
            var options = new ClassificationOptions
            {
                Rules = parsed.GetValue(Rules) ?? "", Model = parsed.GetValue(Model) ?? "", Threshold = parsed.GetValue(Threshold),
            };
            var problems = options.Problems().ToList();
            var classifier = problems.Count == 0 ? ClassifierFiles.Load(options, problems) : null;
            problem = problems.Count switch
            {
                0 => "",
                1 => problems[0].Problem,
                _ => $"{problems[0].Problem} (and {problems.Count - 1} more)",
            };
            return classifier;
        }
    }
}

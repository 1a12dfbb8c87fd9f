using System.CommandLine;
using Webcluster.Node.Bounces;

namespace Webcluster.Node.Cli;

/// <summary>`bounce parse`: what mails to the bounce domain report. `bounce evaluate`: how well, against mails of which that is
/// known.</summary>
internal static class BounceCommand
{
    public static Command Create(CliContext context) =>
        new("bounce", "Read bounces, complaints and other reports in files.") { Parse(context), Evaluate(context) };

    private static Command Parse(CliContext context)
    {
        var files = new Argument<string[]>("file") { Description = "Mails, or mboxes.", Arity = ArgumentArity.OneOrMore };
        var command = new Command("parse", "Print one line of JSON for each report.") { files };
        command.SetAction(parsed =>
        {
            using var lines = new ReportLines(context.Out);
            var mails = new MailFiles();
            foreach (var file in parsed.GetValue(files)!)
                foreach (var report in mails.Read(Path.Combine(context.WorkingFolder, file))) lines.Write(file, report);
            return ExitCode.Ok;
        });
        return command;
    }

    private static Command Evaluate(CliContext context)
    {
        var index = new Argument<string>("index") { Description = "A table of mails in its folder and what they report." };
        var misses = new Option<bool>("--misses") { Description = "Print what was not recognised as known." };
        var command = new Command("evaluate", "Score against mails of which the reports are known.") { index, misses };
        command.SetAction(parsed =>
        {
            var path = Path.Combine(context.WorkingFolder, parsed.GetValue(index)!);
            var evaluation = new BounceEvaluation();
            var mails = new MailFiles();
            using (var text = new StreamReader(path))
                foreach (var rows in BounceIndex.Read(text).GroupBy(row => row.File))
                    evaluation.Add([.. rows], [.. mails.Read(Path.Combine(Path.GetDirectoryName(path)!, rows.Key))]);
            if (parsed.GetValue(misses))
                foreach (var miss in evaluation.Misses) context.Out.WriteLine(miss);
            evaluation.WriteTo(context.Out);
            return ExitCode.Ok;
        });
        return command;
    }
}

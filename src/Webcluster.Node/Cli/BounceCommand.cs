using System.CommandLine;
using Webcluster.Node.Bounces;
using Webcluster.Protocol.Classification;
using Webcluster.Protocol.Intake;
using Webcluster.Protocol.Reports;

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
            var reader = Reader();
            foreach (var file in parsed.GetValue(files)!)
                foreach (var report in Read(reader, Path.Combine(context.WorkingFolder, file)))
                    context.Out.WriteLine(ReportLine.Write(file, report));
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
            var reader = Reader();
            using (var text = new StreamReader(path))
                foreach (var rows in BounceIndex.Read(text).GroupBy(row => row.File))
                    evaluation.Add([.. rows], Read(reader, Path.Combine(Path.GetDirectoryName(path)!, rows.Key)));
            if (parsed.GetValue(misses))
                foreach (var miss in evaluation.Misses) context.Out.WriteLine(miss);
            evaluation.WriteTo(context.Out);
            return ExitCode.Ok;
        });
        return command;
    }

    private static List<MailReport> Read(ReportReader reader, string path) =>
        [.. MailFile.Read(path, ReportLimits.Default.Mime.MaxOctets).SelectMany(mail => reader.Read(mail))];

    // What reading the rules has left behind is not to add to what a mail may take.
    private static ReportReader Reader()
    {
        var reader = new ReportReader(ReplyClassifier.Shipped());
        GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
        return reader;
    }
}

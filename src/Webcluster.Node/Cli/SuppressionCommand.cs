using System.CommandLine;
using System.Globalization;
using Webcluster.Node.Http;
using Webcluster.Node.Suppression;

namespace Webcluster.Node.Cli;

/// <summary>`suppression`: addresses that get no mail, asked of the running node.</summary>
internal static class SuppressionCommand
{
    private const string Path = SuppressionEndpoints.Path;
    private const int OnPage = 1000;

    public static Command Create(CliContext context, Option<string?> config)
    {
        var running = new RunningNode(context, config);
        return new Command("suppression", "Addresses that get no mail, of one tenant or of all. For the whole cluster.")
        {
            running.Url, running.TokenFile, List(context, running), Get(context, running), Add(context, running),
            Remove(running), Import(context, running), Export(context, running),
        };
    }

    private static Command List(CliContext context, RunningNode running)
    {
        var (tenant, reason) = (Tenant("Only this tenant's."), Reason("Only these."));
        var limit = new Option<int>("--limit") { Description = "So many at most.", HelpName = "N", DefaultValueFactory = _ => 100 };
        var command = new Command("list", "Show entries, in no order that matters; all of them: export.") { tenant, reason, limit };
        command.SetAction((parsed, cancellation) => running.AskAsync(parsed, async client =>
        {
            var left = parsed.GetValue(limit);
            string? cursor = null;
            do
            {
                var query = Query(
                    ("tenant", parsed.GetValue(tenant)), ("reason", parsed.GetValue(reason)), ("cursor", cursor),
                    ("limit", Math.Clamp(left, 1, OnPage).ToString(CultureInfo.InvariantCulture)));
                var page = await client.GetAsync<SuppressionList>(Path + query, cancellation);
                foreach (var entry in page.Suppressions) await context.Out.WriteLineAsync(Describe(entry));
                left -= page.Suppressions.Count;
                cursor = page.Next;
            }
            while (cursor is not null && left > 0);
            return ExitCode.Ok;
        }));
        return command;
    }

    private static Command Get(CliContext context, RunningNode running)
    {
        var (address, tenant) = (Address(), Tenant("For this tenant's mail. Default: for everybody's."));
        var command = new Command("get", "Show the entry that keeps mail from an address.") { address, tenant };
        command.SetAction((parsed, cancellation) => running.AskAsync(parsed, async client =>
        {
            var path = PathOf(parsed.GetValue(address)!, parsed.GetValue(tenant));
            await context.Out.WriteLineAsync(Describe(await client.GetAsync<SuppressionView>(path, cancellation)));
            return ExitCode.Ok;
        }));
        return command;
    }

    private static Command Add(CliContext context, RunningNode running)
    {
        var (address, tenant) = (Address(), Tenant("For this tenant's mail. Default: for everybody's."));
        var reason = Reason("Default: manual.");
        var expires = new Option<string?>("--expires")
        {
            Description = $"When it ends (RFC 3339), or {SuppressionRow.Never}. Default: by its reason, as configured.", HelpName = "TIME",
        };
        var source = new Option<string?>("--source") { Description = "The id of the event that it comes from.", HelpName = "ID" };
        var note = new Option<string?>("--note") { Description = "A few words for people.", HelpName = "TEXT" };
        var command = new Command("add", "Let an address get no mail.") { address, tenant, reason, expires, source, note };
        command.SetAction((parsed, cancellation) => running.AskAsync(parsed, async client =>
        {
            var row = new
            {
                address = parsed.GetValue(address), tenant = parsed.GetValue(tenant), reason = parsed.GetValue(reason),
                expires_at = parsed.GetValue(expires), source = parsed.GetValue(source), note = parsed.GetValue(note),
            };
            await context.Out.WriteLineAsync(Describe(await client.PostAsync<SuppressionView>(Path, row, cancellation)));
            return ExitCode.Ok;
        }));
        return command;
    }

    private static Command Remove(RunningNode running)
    {
        var (address, tenant) = (Address(), Tenant("This tenant's entry. Default: the global one."));
        var command = new Command("remove", "Let an address get mail again.") { address, tenant };
        command.SetAction((parsed, cancellation) => running.AskAsync(parsed, async client =>
        {
            await client.DeleteAsync(PathOf(parsed.GetValue(address)!, parsed.GetValue(tenant)), cancellation);
            return ExitCode.Ok;
        }));
        return command;
    }

    private static Command Import(CliContext context, RunningNode running)
    {
        var file = new Argument<string>("file")
        {
            Description = "CSV (an address a line is enough; else as `export` prints it), or JSON lines: NAME.jsonl, NAME.ndjson.",
        };
        var tenant = Tenant("For lines that name none. Default: global.");
        var reason = Reason("For lines that give none. Default: manual.");
        var command = new Command("import", "Add a file of addresses, however long.") { file, tenant, reason };
        command.SetAction((parsed, cancellation) => running.AskAsync(parsed, async client =>
        {
            var name = parsed.GetValue(file)!;
            await using var content = File.OpenRead(System.IO.Path.Combine(context.WorkingFolder, name));
            var path = $"{Path}/import{Query(("tenant", parsed.GetValue(tenant)), ("reason", parsed.GetValue(reason)))}";
            var done = await client.UploadAsync<SuppressionImported>(path, content, TypeOf(name), cancellation);
            await context.Out.WriteLineAsync($"{done.Added} added, {done.Changed} changed, {done.Kept} kept, {done.Invalid} invalid");
            foreach (var bad in done.BadLines) await context.Error.WriteLineAsync($"{name}:{bad.Line}: {bad.Problem}");
            return done.Invalid == 0 ? ExitCode.Ok : ExitCode.Error;
        }));
        return command;
    }

    private static Command Export(CliContext context, RunningNode running)
    {
        var (tenant, reason) = (Tenant("Only this tenant's."), Reason("Only these."));
        var command = new Command("export", "Print all entries as CSV.") { tenant, reason };
        command.SetAction((parsed, cancellation) => running.AskAsync(parsed, async client =>
        {
            var path = $"{Path}/export{Query(("tenant", parsed.GetValue(tenant)), ("reason", parsed.GetValue(reason)))}";
            await client.DownloadAsync(path, context.Out, cancellation);
            return ExitCode.Ok;
        }));
        return command;
    }

    private static Argument<string> Address() => new("address") { Description = "A mail address, or its hash (hmac:...)." };

    private static Option<string?> Tenant(string description) => new("--tenant") { Description = description, HelpName = "NAME" };

    private static Option<string?> Reason(string description) => new("--reason")
    {
        Description = $"hard_bounce, repeated_soft, complaint, unsubscribe or manual. {description}", HelpName = "REASON",
    };

    private static string TypeOf(string file) => System.IO.Path.GetExtension(file).ToLowerInvariant() is ".jsonl" or ".ndjson"
        ? SuppressionTransfers.JsonLines
        : SuppressionTransfers.Csv;

    private static string PathOf(string address, string? tenant) => $"{Path}/{Uri.EscapeDataString(address)}{Query(("tenant", tenant))}";

    private static string Query(params ReadOnlySpan<(string Name, string? Value)> parts)
    {
        var given = new List<string>();
        foreach (var (name, value) in parts)
            if (value is not null)
                given.Add($"{name}={Uri.EscapeDataString(value)}");
        return given.Count == 0 ? "" : $"?{string.Join('&', given)}";
    }

    private static string Describe(SuppressionView entry)
    {
        var ends = entry.ExpiresAt is { } time ? string.Create(CultureInfo.InvariantCulture, $"until {time:u}") : SuppressionRow.Never;
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{entry.Address}\t{entry.Tenant ?? "*"}\t{JsonAnswers.Word(entry.Reason)}\t{entry.AddedAt:u}\t{ends}\t{entry.Note}");
    }
}

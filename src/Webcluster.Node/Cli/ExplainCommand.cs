using System.CommandLine;
using Webcluster.Delivery;
using Webcluster.Delivery.Providers;
using Webcluster.Node.Configuration;
using Webcluster.Node.Hosting;
using Webcluster.Protocol.Addresses;
using Webcluster.Queue.Lanes;
using Webcluster.Queue.Routing;

namespace Webcluster.Node.Cli;

/// <summary>`explain`: how mail to a domain is treated, and who said so. Asks the configuration and DNS, no running node.</summary>
internal static class ExplainCommand
{
    public static Command Create(CliContext context, Option<string?> config)
    {
        var domain = new Argument<string>("domain") { Description = "The recipients' domain." };
        var source = new Option<string?>("--source") { Description = "The source the mail leaves from.", HelpName = "NAME" };
        var pool = new Option<string?>("--pool") { Description = "The pool of the mail. Default: the router's.", HelpName = "NAME" };
        var command = new Command("explain", "Print a domain's provider, its limits, and where each value comes from.")
        {
            domain, source, pool,
        };
        command.SetAction((parsed, cancellation) =>
        {
            var question = new Question(parsed.GetValue(domain)!, parsed.GetValue(source) ?? "", parsed.GetValue(pool));
            return ExplainAsync(context, parsed.GetValue(config), question, cancellation);
        });
        return command;
    }

    private static async Task<int> ExplainAsync(CliContext context, string? config, Question question, CancellationToken cancellation)
    {
        if (!DomainName.TryNormalize(question.Domain, out var domain))
            return context.Fail($"'{question.Domain}' is no domain", ExitCode.Usage);
        if (CheckCommand.Load(context, config) is not { } loaded) return ExitCode.Usage;
        var known = loaded.Options.ToSurroundings();
        if (question.Source.Length > 0 && !known.Sources.Contains(question.Source))
            return context.Fail($"there is no source {question.Source}", ExitCode.NothingMatched);
        if (question.Pool is not null && !known.Pools.Contains(question.Pool))
            return context.Fail($"there is no pool {question.Pool}", ExitCode.NothingMatched);

        await using var services = Services(loaded.Options);
        var router = services.GetRequiredService<IRecipientRouter>();
        var found = await router.RouteAsync(new Mailbox("postmaster", domain), MailOrigin.Report(""), cancellation);
        if (found is not RouteResult.To to) return context.Fail($"mail to {domain} is refused", ExitCode.NothingMatched);
        var lane = question.Pool is null ? to.Lane : to.Lane with { Pool = question.Pool };
        Print(context.Out, domain, lane, services.GetRequiredService<ProviderBook>().PolicyOf(lane, question.Source));
        return ExitCode.Ok;
    }

    private static ServiceProvider Services(NodeOptions options)
    {
        var services = new ServiceCollection();
        services.AddMetrics();
        services.AddLogging();
        services.AddSingleton(TimeProvider.System);
        services.AddDelivery(options);
        return services.BuildServiceProvider();
    }

    private static void Print(TextWriter output, string domain, LaneKey lane, ProviderPolicy policy)
    {
        output.WriteLine($"domain    {domain}");
        output.WriteLine($"site      {lane.Site}");
        output.WriteLine($"provider  {lane.Provider}");
        output.WriteLine($"pool      {lane.Pool}");
        var settings = policy.Settings.OrderBy(setting => setting.Path, StringComparer.Ordinal).ToList();
        var width = settings.Max(setting => setting.Path.Length);
        var wide = settings.Max(setting => setting.Text.Length);
        foreach (var setting in settings)
            output.WriteLine($"  {setting.Path.PadRight(width)}  {setting.Text.PadRight(wide)}  {setting.Origin}");
        output.WriteLine("replies, the first rule that matches:");
        foreach (var rule in policy.Rules.All)
            output.WriteLine($"  {rule.Name}: {AdjustmentText.Of(rule)}  ({rule.Origin})");
    }

    /// <param name="Pool">Null: the router's.</param>
    private sealed record Question(string Domain, string Source, string? Pool);
}

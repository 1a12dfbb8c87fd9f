using System.CommandLine;
using Webcluster.Delivery.Sources;
using Webcluster.Node.Configuration;
using Webcluster.Node.Tls;
using Webcluster.Node.Webhooks;
using Webcluster.Submission.Policy;

namespace Webcluster.Node.Cli;

/// <summary>`check`: all that is wrong with the configuration, or in a few lines what it comes to.</summary>
internal static class CheckCommand
{
    public static Command Create(CliContext context, Option<string?> config)
    {
        var command = new Command("check", "Check the configuration and every file it names; print all errors.");
        command.SetAction(parsed => Check(context, parsed.GetValue(config)));
        return command;
    }

    /// <summary>The configuration; null after its problems were printed.</summary>
    public static LoadedConfiguration? Load(CliContext context, string? config)
    {
        var loaded = ConfigurationLoader.Load(config, context.Environment, context.WorkingFolder);
        foreach (var problem in loaded.Problems) context.Error.WriteLine(problem);
        return loaded.Problems.Count == 0 ? loaded : null;
    }

    private static int Check(CliContext context, string? config)
    {
        if (Load(context, config) is not { } loaded) return ExitCode.Usage;
        var options = loaded.Options;
        if (ServerCertificate.EndedAt(options.Tls, DateTimeOffset.UtcNow) is { } end)
            return context.Fail($"tls.certificate: {options.Tls.Certificate} ended {end.ToUniversalTime():u}", ExitCode.Usage);
        context.Out.WriteLine($"ok: {loaded.Source}");
        // Mail that one user's node took is not in the folder of another's.
        if (loaded.HasUsersStateFolder)
            context.Out.WriteLine($"  state       {options.Node.StateFolder} (of this user; set node.state_folder for one that is every user's)");
        foreach (var listener in options.Submission.Listeners)
            context.Out.WriteLine($"  submission  {listener.Address} ({Describe(listener)})");
        context.Out.WriteLine($"  http        {options.Http.Listen}");
        if (options.AgentCheck.Listen.Length > 0) context.Out.WriteLine($"  agent-check {options.AgentCheck.Listen}");
        context.Out.WriteLine($"  queue       {Describe(options.Queue)}");
        foreach (var route in options.Routes) context.Out.WriteLine($"  route       {route.Match} -> {string.Join(", ", route.Hosts)}");
        foreach (var provider in options.Providers) context.Out.WriteLine($"  provider    {provider.Name}");
        foreach (var entry in options.Traffic) context.Out.WriteLine($"  traffic     {entry.Selectors}");
        foreach (var source in options.Sources) context.Out.WriteLine($"  source      {Describe(source)}");
        foreach (var pool in options.Pools)
            context.Out.WriteLine($"  pool        {pool.Name}: {string.Join(", ", pool.Sources.Select(source => source.Name))}");
        foreach (var key in options.Dkim) context.Out.WriteLine($"  dkim        {key.Selector}._domainkey.{key.Domain}");
        foreach (var webhook in options.Webhooks) context.Out.WriteLine($"  webhook     {Describe(webhook)}");
        foreach (var file in new[] { options.Classification.Rules, options.Classification.Model }.Where(file => file.Length > 0))
            context.Out.WriteLine($"  replies     {file}");
        var scope = options.Simulator.CatchAll ? ", takes all mail that no route takes" : "";
        if (options.Simulator.Enabled) context.Out.WriteLine($"  simulator   {options.Simulator.Listen}{scope}");
        return ExitCode.Ok;
    }

    private static string Describe(SourceOptions source)
    {
        var addresses = string.Join(", ", new[] { source.Address, source.Address6 }.Where(address => address.Length > 0));
        return $"{source.Name}: {addresses}{(source.Proxy.Length > 0 ? $" through {source.Proxy}" : "")}";
    }

    // What follows the path may be a secret.
    private static string Describe(WebhookOptions webhook) =>
        $"{webhook.Name} -> {new Uri(webhook.Url).GetLeftPart(UriPartial.Path)}{(webhook.Disabled ? " (disabled)" : "")}";

    private static string Describe(QueueOptions queue) => queue.Redis switch
    {
        null => $"embedded, {queue.Folder}",
        { Sentinels.Count: > 0 } redis => $"Redis {redis.PrimaryName} of sentinels {string.Join(", ", redis.Sentinels)}",
        var redis => $"Redis {string.Join(", ", redis.Servers)}",
    };

    private static string Describe(SubmissionListenerOptions listener) =>
        DescribeTls(listener)
            + (listener.ProxyProtocol == ProxyProtocolMode.Required ? $", PROXY from {string.Join(", ", listener.ProxyProtocolFrom)}" : "");

    private static string DescribeTls(SubmissionListenerOptions listener) => listener.Tls switch
    {
        ListenerTls.StartTls => "STARTTLS",
        ListenerTls.Implicit => "TLS",
        ListenerTls.None => "plain",
        _ => throw new ArgumentOutOfRangeException(nameof(listener)),
    };
}

using System.CommandLine;
using System.Globalization;
using System.Net;
using Microsoft.Extensions.Logging.Abstractions;
using Webcluster.Benchmarks.Latency;
using Webcluster.Queue;
using Webcluster.Queue.Embedded;
using Webcluster.Queue.Events;
using Webcluster.Queue.Lanes;

namespace Webcluster.Benchmarks;

/// <summary>The verbs: `cost` measures a queue, `fill` puts mail into one, `rcpt` measures how long recipients wait, `latency` how long mails
/// take through a node.</summary>
internal static class BenchmarkCommands
{
    private static readonly Option<string> s_redis = new("--redis") { Description = "host:port of a Redis", Required = true };
    private static readonly Option<string> s_other = new("--other-redis") { Description = "host:port of a Redis that stays empty", Required = true };
    private static readonly Option<int> s_waiting = new("--waiting") { Description = "deliveries that wait", DefaultValueFactory = _ => 1_000_000 };
    private static readonly Option<int> s_mails = new("--mails") { Description = "mails of one measurement", DefaultValueFactory = _ => 60_000 };
    private static readonly Option<int> s_rounds = new("--rounds") { Description = "measurements; the median counts", DefaultValueFactory = _ => 5 };
    private static readonly Option<string?> s_filled = new("--redis") { Description = "host:port of a Redis" };
    private static readonly Option<string?> s_folder = new("--folder") { Description = "or the folder of an embedded queue" };
    private static readonly Option<string> s_route = new("--route") { Description = "fill the lane of this route", Required = true };
    private static readonly Option<string> s_tenant = new("--tenant") { Description = "whose mail it is", Required = true };
    private static readonly Option<string> s_recipient = new("--recipient") { Description = "to whom", Required = true };

    /// <summary>So fast a fill would leave far more than a node keeps, and it would be busy letting go of them.</summary>
    private static readonly EventOptions s_noEvents = new() { Most = 0 };

    private static readonly Option<string> s_smtp = new("--smtp") { Description = "address:port of a submission listener that trusts this client", Required = true };
    private static readonly Option<int> s_recipients = new("--recipients") { Description = "recipients to name", DefaultValueFactory = _ => 20_000 };

    public static RootCommand Root { get; } = new("Measures queues and nodes.")
    {
        Cost(), Fill(), Rcpt(), LatencyCommand.Create(),
    };

    private static Command Cost()
    {
        var command = new Command("cost", "What an empty and a full queue cost.") { s_redis, s_other, s_waiting, s_mails, s_rounds };
        command.SetAction(async (parsed, cancellation) =>
        {
            await using var full = await Store.OpenAsync(parsed.GetRequiredValue(s_redis), new EventOptions(), cancellation);
            await using var empty = await Store.OpenAsync(parsed.GetRequiredValue(s_other), new EventOptions(), cancellation);
            var cost = new QueueCost(empty, full, parsed.GetValue(s_waiting), parsed.GetValue(s_mails), parsed.GetValue(s_rounds));
            await cost.RunAsync(cancellation);
        });
        return command;
    }

    private static Command Fill()
    {
        var command = new Command("fill", "Stores bulk mail for one lane.")
        {
            s_filled, s_folder, s_waiting, s_route, s_tenant, s_recipient,
        };
        command.Validators.Add(result =>
        {
            if (result.GetValue(s_filled) is null == result.GetValue(s_folder) is null) result.AddError("Give one of --redis and --folder.");
        });
        command.SetAction(async (parsed, cancellation) =>
        {
            var (route, recipient) = ("route:" + parsed.GetRequiredValue(s_route), parsed.GetRequiredValue(s_recipient));
            var sample = new SampleMail(new LaneKey(route, route, "default"), MailClass.Bulk, parsed.GetRequiredValue(s_tenant), recipient);
            if (parsed.GetValue(s_folder) is { } folder)
            {
                using var metrics = new QueueMetrics();
                var options = new EmbeddedQueueOptions { Folder = folder, Events = s_noEvents };
                await using var queue = EmbeddedQueue.Open(options, TimeProvider.System, metrics, NullLogger<EmbeddedQueue>.Instance);
                await FillAsync(queue);
            }
            else
            {
                await using var store = await Store.OpenAsync(parsed.GetRequiredValue(s_filled)!, s_noEvents, cancellation);
                await FillAsync(store.Queue);
            }

            Task FillAsync(IMailQueue queue) =>
                queue.FillAsync(parsed.GetValue(s_waiting), (_, now) => sample.New(now, due: null), cancellation);
        });
        return command;
    }

    private static Command Rcpt()
    {
        var command = new Command("rcpt", "Prints the median and the 99th percentile of the time to RCPT's reply, in milliseconds.") { s_smtp, s_recipients };
        command.SetAction(async (parsed, cancellation) =>
        {
            using var latency = new RcptLatency(IPEndPoint.Parse(parsed.GetRequiredValue(s_smtp)), parsed.GetValue(s_recipients));
            var times = await latency.RunAsync(cancellation);
            times.Sort();
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture, $"{times[times.Count / 2].TotalMilliseconds:F4} {times[times.Count * 99 / 100].TotalMilliseconds:F4}"));
        });
        return command;
    }
}

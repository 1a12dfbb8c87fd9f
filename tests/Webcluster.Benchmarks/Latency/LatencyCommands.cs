using System.CommandLine;
using System.Net;

namespace Webcluster.Benchmarks.Latency;

/// <summary>The verbs: `latency` sends mails through a node and measures each, `sink` only takes them.</summary>
internal static class LatencyCommands
{
    private static readonly Option<int> s_port = new("--port") { Description = "where the sink listens", Required = true };
    private static readonly Option<double> s_delay = new("--delay") { Description = "milliseconds that the sink takes over a mail" };

    private static readonly Option<string> s_smtp =
        new("--smtp") { Description = "address:port of a listener that trusts this client", Required = true };
    private static readonly Option<double> s_rate = new("--rate") { Description = "mails a second; 0: as fast as it goes" };
    private static readonly Option<int> s_mails = new("--mails") { Description = "mails that count", DefaultValueFactory = _ => 1000 };
    private static readonly Option<int> s_warmUp = new("--warm-up") { Description = "mails before them", DefaultValueFactory = _ => 1000 };
    private static readonly Option<int> s_connections =
        new("--connections") { Description = "connections that send", DefaultValueFactory = _ => 20 };
    private static readonly Option<bool> s_fresh = new("--fresh") { Description = "a connection for each mail" };
    private static readonly Option<int> s_size = new("--size") { Description = "octets of a mail", DefaultValueFactory = _ => 10_240 };
    private static readonly Option<string> s_sender =
        new("--sender") { Description = "from whom", DefaultValueFactory = _ => "sender@bench.example" };
    private static readonly Option<string> s_recipient =
        new("--recipient") { Description = "to whom", DefaultValueFactory = _ => "recipient@sink.example" };
    private static readonly Option<string?> s_class = new("--class") { Description = "X-WC-Class of the mails" };
    private static readonly Option<double> s_every =
        new("--every") { Description = "seconds between two reports", DefaultValueFactory = _ => 60 };

    public static Command Latency()
    {
        var command = new Command("latency", "Sends mails through a node into a sink of its own; reports as JSON.")
        {
            s_port, s_delay, s_smtp, s_rate, s_mails, s_warmUp, s_connections, s_fresh, s_size, s_sender, s_recipient, s_class, s_every,
        };
        command.SetAction((parsed, _) => new LatencyRun(LoadOf(parsed), TimeSpan.FromSeconds(parsed.GetValue(s_every))).RunAsync(
            parsed.GetValue(s_port), Delay(parsed), parsed.GetValue(s_warmUp), parsed.GetValue(s_mails)));
        return command;
    }

    public static Command Sink()
    {
        var command = new Command("sink", "Takes every mail; prints each second how many so far, and the most connections there were.")
        {
            s_port, s_delay,
        };
        command.SetAction((parsed, cancellation) => CountAsync(parsed.GetValue(s_port), Delay(parsed), cancellation));
        return command;
    }

    private static async Task CountAsync(int port, TimeSpan delay, CancellationToken cancellation)
    {
        var count = 0;
        using var sink = new MailSink(port, delay, _ => Interlocked.Increment(ref count));
        sink.Listen();
        var taking = sink.RunAsync(cancellation);
        using var timer = new PeriodicTimer(TimeSpan.FromSeconds(1));
        do Console.WriteLine($"{Volatile.Read(ref count)} {sink.MostOpen}");
        while (!taking.IsCompleted && await timer.WaitForNextTickAsync(CancellationToken.None));
        await taking;
    }

    private static Load LoadOf(ParseResult parsed)
    {
        var (from, to) = (parsed.GetValue(s_sender)!, parsed.GetValue(s_recipient)!);
        var (size, mailClass) = (parsed.GetValue(s_size), parsed.GetValue(s_class));
        return new Load(
            IPEndPoint.Parse(parsed.GetRequiredValue(s_smtp)), parsed.GetValue(s_rate), parsed.GetValue(s_connections),
            parsed.GetValue(s_fresh), () => new NumberedMail(from, to, size, mailClass), from, to);
    }

    private static TimeSpan Delay(ParseResult parsed) => TimeSpan.FromMilliseconds(parsed.GetValue(s_delay));
}

using System.CommandLine;
using System.Net;

namespace Webcluster.Benchmarks.Latency;

/// <summary>The verb `latency`: sends mails through a node and measures each.</summary>
internal static class LatencyCommand
{
    private static readonly Option<int> s_port = new("--port") { Description = "where the sink listens", Required = true };
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

    public static Command Create()
    {
        var command = new Command("latency", "Sends mails through a node into a sink of its own; reports as JSON.")
        {
            s_port, s_smtp, s_rate, s_mails, s_warmUp, s_connections, s_fresh, s_size, s_sender, s_recipient, s_class, s_every,
        };
        command.SetAction((parsed, _) => new LatencyRun(LoadOf(parsed), TimeSpan.FromSeconds(parsed.GetValue(s_every))).RunAsync(
            parsed.GetValue(s_port), parsed.GetValue(s_warmUp), parsed.GetValue(s_mails)));
        return command;
    }

    private static Load LoadOf(ParseResult parsed)
    {
        var (from, to) = (parsed.GetValue(s_sender)!, parsed.GetValue(s_recipient)!);
        var (size, mailClass) = (parsed.GetValue(s_size), parsed.GetValue(s_class));
        return new Load(
            IPEndPoint.Parse(parsed.GetRequiredValue(s_smtp)), parsed.GetValue(s_rate), parsed.GetValue(s_connections),
            parsed.GetValue(s_fresh), () => new NumberedMail(from, to, size, mailClass), from, to);
    }
}

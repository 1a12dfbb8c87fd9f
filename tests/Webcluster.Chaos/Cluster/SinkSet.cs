using System.Net;

namespace Webcluster.Chaos.Cluster;

/// <summary>
/// Where all mail goes: smtp-sinks that take it at once, late at DATA and late at the final dot; one for reports to senders; and the
/// simulator, which greylists and refuses as the local part says.
/// </summary>
internal sealed class SinkSet : IAsyncDisposable
{
    public const string Quick = "quick.example", SlowData = "slow-data.example", SlowDot = "slow-dot.example", Fussy = "fussy.example";
    public const string Sender = "sender@reports.example";
    private const string Reports = "reports.example";

    private readonly Dictionary<string, SmtpSink> _sinks;
    private readonly SimulatorProcess _simulator;
    private readonly Relay _toSimulator;
    private readonly IPAddress _address;

    private SinkSet(IPAddress address, Dictionary<string, SmtpSink> sinks, SimulatorProcess simulator, Relay toSimulator) =>
        (_address, _sinks, _simulator, _toSimulator) = (address, sinks, simulator, toSimulator);

    /// <param name="address">Where all nodes reach them.</param>
    public static async Task<SinkSet> StartAsync(TemporaryFolder folder, IPAddress address)
    {
        var sinks = new Dictionary<string, SmtpSink>(StringComparer.Ordinal)
        {
            [Quick] = await SmtpSink.StartAsync(folder, address),
            [SlowData] = await SmtpSink.StartAsync(folder, address, "-w", "1"),
            [SlowDot] = await SmtpSink.StartAsync(folder, address, "-W", ".:1"),
            [Reports] = await SmtpSink.StartAsync(folder, address),
        };
        var simulator = await SimulatorProcess.StartAsync(folder);
        return new SinkSet(address, sinks, simulator, Relay.Start(address, simulator.Port));
    }

    /// <summary>The routes section of a node.</summary>
    public string Routes()
    {
        var all = _sinks.Select(sink => (Domain: sink.Key, sink.Value.Port)).Append((Domain: Fussy, _toSimulator.Port));
        return "routes:\n" + string.Concat(all.Select(sink => $"  - match: {sink.Domain}\n    hosts: ['{_address}:{sink.Port}']\n    tls: none\n"));
    }

    /// <summary>Every mail that arrived, but for reports.</summary>
    public async Task<IReadOnlyList<Arrival>> ArrivalsAsync()
    {
        var arrived = _sinks.Where(sink => sink.Key != Reports).SelectMany(sink => sink.Value.Mails())
            .SelectMany(mail => mail.Recipients.Select(recipient => new Arrival(recipient, mail.At, mail.Hello))).ToList();
        foreach (var message in (await _simulator.MessagesAsync()).EnumerateArray())
        {
            var at = message.GetProperty("at").GetDateTimeOffset();
            arrived.AddRange(message.GetProperty("recipients").EnumerateArray().Select(recipient => new Arrival(recipient.GetString()!, at, Node: null)));
        }

        return arrived;
    }

    /// <summary>The recipients that reports to the sender name as failed.</summary>
    public IReadOnlyList<string> Bounced() =>
        [.. _sinks[Reports].Mails().SelectMany(mail => mail.Content.Split("\r\n")).Where(IsFailedRecipient).Select(line => line.Split(';')[1].Trim())];

    public async ValueTask DisposeAsync()
    {
        await _toSimulator.DisposeAsync();
        await _simulator.DisposeAsync();
        foreach (var sink in _sinks.Values) await sink.DisposeAsync();
    }

    private static bool IsFailedRecipient(string line) => line.StartsWith("Final-Recipient:", StringComparison.OrdinalIgnoreCase);
}

/// <summary>One mail that a sink took.</summary>
/// <param name="At">When its final dot had come.</param>
/// <param name="Node">The name of the node that sent it; null where the sink does not know.</param>
internal sealed record Arrival(string Recipient, DateTimeOffset At, string? Node);

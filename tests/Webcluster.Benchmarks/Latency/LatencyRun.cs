using System.Diagnostics;
using System.Net.Sockets;
using System.Text.Json;

namespace Webcluster.Benchmarks.Latency;

/// <summary>
/// One measurement through a node: mails that warm it up, then those that count, from senders into a sink of this process. Prints a
/// <see cref="LatencyReport"/> as a line of JSON now and then, and one of all at the end.
/// </summary>
internal sealed class LatencyRun(Load load, TimeSpan every)
{
    /// <summary>How long it waits for an arrival before it gives up what is missing.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private static readonly TimeSpan NodeStartsWithin = TimeSpan.FromMinutes(2);

    private Flights _flights = new(0, 0);

    public async Task RunAsync(int port, int warmUp, int mails)
    {
        using var over = new CancellationTokenSource();
        using var sink = new MailSink(port, number => Volatile.Read(ref _flights).Arrive(number));
        sink.Listen();
        var taking = sink.RunAsync(over.Token);
        await NodeAsync(over.Token);
        await SendAsync(new Flights(0, warmUp), report: false, over.Token);
        var began = Stopwatch.GetTimestamp();
        await SendAsync(new Flights(warmUp, mails), report: true, over.Token);
        Write(LatencyReport.Of(_flights, 0, Stopwatch.GetElapsedTime(began, _flights.LastArrival)) with { IsLast = true });
        await over.CancelAsync();
        await taking;
    }

    private static void Write(LatencyReport report) => Console.WriteLine(JsonSerializer.Serialize(report, JsonSerializerOptions.Web));

    /// <summary>The sink is there before the node, whose mail may wait for it; so it may be that the node is not yet.</summary>
    private async Task NodeAsync(CancellationToken cancellation)
    {
        for (var began = Stopwatch.GetTimestamp(); ; await Task.Delay(50, cancellation))
        {
            using var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
            try
            {
                await socket.ConnectAsync(load.Server, cancellation);
                return;
            }
            catch (SocketException) when (Stopwatch.GetElapsedTime(began) < NodeStartsWithin)
            {
                // Not yet.
            }
        }
    }

    private async Task SendAsync(Flights flights, bool report, CancellationToken cancellation)
    {
        Volatile.Write(ref _flights, flights);
        var (began, reports, reported) = (Stopwatch.GetTimestamp(), 0, 0);
        var sending = new LoadGenerator(load, flights).RunAsync(cancellation);
        while (!sending.IsCompleted)
        {
            var next = every * ++reports - Stopwatch.GetElapsedTime(began);
            await Task.WhenAny(sending, Task.Delay(next > TimeSpan.Zero ? next : TimeSpan.Zero, cancellation));
            if (sending.IsCompleted || !report) continue;
            var now = LatencyReport.Of(flights, reported, every);
            reported += now.Mails;
            Write(now);
        }

        await sending;
        await ArrivedAsync(flights, cancellation);
    }

    /// <summary>Until all have, or none has for long.</summary>
    private static async Task ArrivedAsync(Flights flights, CancellationToken cancellation)
    {
        var (arrived, since) = (flights.Arrivals, Stopwatch.GetTimestamp());
        while (flights.Missing > 0 && Stopwatch.GetElapsedTime(since) < Patience)
        {
            await Task.Delay(50, cancellation);
            if (arrived == flights.Arrivals) continue;
            (arrived, since) = (flights.Arrivals, Stopwatch.GetTimestamp());
        }
    }
}

using System.Collections.Concurrent;
using System.Globalization;
using System.Net;

namespace Webcluster.TestKit.Processes;

/// <summary>
/// smtp-source in batches, each with a recipient of its own. A batch that smtp-source ended well got 250 for every mail; one that it gave
/// up is uncertain: some of its mails may have been accepted, which only their arrival tells.
/// </summary>
public sealed class SmtpSourceLoad(IPEndPoint server, int messages)
{
    public const int BatchSize = 25;
    private const int Workers = 4;
    private static readonly TimeSpan AfterRefusal = TimeSpan.FromMilliseconds(100);

    private readonly ConcurrentBag<string> _accepted = [];
    private readonly ConcurrentBag<string> _uncertain = [];
    private int _batches;

    /// <summary>Puts the mail's number within its batch in front of the recipient, from 1: no two mails have the same.</summary>
    public bool Numbered { get; init; }

    public string Sender { get; init; } = "sender@example.com";

    /// <summary>Mails a second at most; as fast as it goes by default.</summary>
    public double Rate { get; init; } = double.PositiveInfinity;

    /// <summary>Recipients of the batches that were accepted whole.</summary>
    public IReadOnlyCollection<string> Accepted => _accepted;

    /// <summary>Recipients of the batches that were given up.</summary>
    public IReadOnlyCollection<string> Uncertain => _uncertain;

    /// <summary>Sends until so many mails were accepted for sure.</summary>
    /// <param name="recipientOf">Given the number of the batch.</param>
    public Task RunAsync(Func<int, string> recipientOf, CancellationToken cancellation)
    {
        var began = DateTime.UtcNow;
        return Task.WhenAll(Enumerable.Range(0, Workers).Select(_ => Task.Run(() => WorkAsync(recipientOf, began, cancellation), cancellation)));
    }

    /// <summary>The recipients of one batch, where they are numbered.</summary>
    public static IEnumerable<string> NumberedRecipients(string batch) =>
        Enumerable.Range(1, BatchSize).Select(number => number.ToString(CultureInfo.InvariantCulture) + batch);

    private async Task WorkAsync(Func<int, string> recipientOf, DateTime began, CancellationToken cancellation)
    {
        while (_accepted.Count * BatchSize < messages)
        {
            var batch = Interlocked.Increment(ref _batches);
            await TurnAsync(batch, began, cancellation);
            var recipient = recipientOf(batch);
            var ran = await Tool.RunAsync("smtp-source",
            [
                .. Numbered ? ["-N"] : Array.Empty<string>(), "-s", "5", "-m", $"{BatchSize}", "-l", "2000", "-f", Sender, "-t", recipient, $"{server}",
            ]);
            (ran.ExitCode == 0 ? _accepted : _uncertain).Add(recipient);
            if (ran.ExitCode != 0) await Task.Delay(AfterRefusal, cancellation);
        }
    }

    private async Task TurnAsync(int batch, DateTime began, CancellationToken cancellation)
    {
        var turn = began + TimeSpan.FromSeconds((batch - 1) * BatchSize / Rate) - DateTime.UtcNow;
        if (turn > TimeSpan.Zero) await Task.Delay(turn, cancellation);
        cancellation.ThrowIfCancellationRequested();
    }
}

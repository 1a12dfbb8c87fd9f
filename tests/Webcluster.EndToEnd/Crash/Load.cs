using System.Collections.Concurrent;
using Webcluster.EndToEnd.Harness;

namespace Webcluster.EndToEnd.Crash;

/// <summary>
/// smtp-source in batches, each with a recipient of its own. A batch that smtp-source ended well got 250 for every mail; one that a kill interrupted
/// is uncertain: some of its mails were accepted, which only their arrival tells.
/// </summary>
internal sealed class Load(int port, int messages)
{
    public const int BatchSize = 25;
    private const int Workers = 4;

    private readonly ConcurrentBag<string> _accepted = [];
    private int _batches;

    /// <summary>Recipients of the batches that were accepted whole.</summary>
    public IReadOnlyCollection<string> Accepted => _accepted;

    public async Task RunAsync(Func<int, string> recipientOf, CancellationToken cancellation)
    {
        await Task.WhenAll(Enumerable.Range(0, Workers).Select(_ => Task.Run(() => WorkAsync(recipientOf, cancellation), cancellation)));
    }

    private async Task WorkAsync(Func<int, string> recipientOf, CancellationToken cancellation)
    {
        while (_accepted.Count * BatchSize < messages)
        {
            cancellation.ThrowIfCancellationRequested();
            var recipient = recipientOf(Interlocked.Increment(ref _batches));
            var ran = await Tool.RunAsync("smtp-source",
                ["-s", "5", "-m", $"{BatchSize}", "-l", "2000", "-f", "sender@example.com", "-t", recipient, $"127.0.0.1:{port}"]);
            if (ran.ExitCode == 0) _accepted.Add(recipient);
            else await Task.Delay(100, cancellation);
        }
    }
}

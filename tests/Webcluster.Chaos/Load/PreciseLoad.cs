using System.Collections.Concurrent;
using System.Net;
using Webcluster.Chaos.Cluster;

namespace Webcluster.Chaos.Load;

/// <summary>
/// Submits at an even pace, each mail to a recipient of its own, and keeps the answer to each. One in ten is greylisted, one in fifty
/// refused by the receiver for good.
/// </summary>
internal sealed class PreciseLoad(IPEndPoint server, double rate)
{
    private const int Workers = 4;
    private static readonly TimeSpan AfterTrouble = TimeSpan.FromMilliseconds(100);

    private readonly ConcurrentQueue<SubmittedMail> _submissions = new();
    private int _last;
    private int _accepted;

    public IReadOnlyCollection<SubmittedMail> Submissions => _submissions;

    public int Accepted => Volatile.Read(ref _accepted);

    /// <summary>Until so many were accepted, or the end.</summary>
    public Task RunAsync(int messages, CancellationToken end)
    {
        var began = DateTime.UtcNow;
        return Task.WhenAll(Enumerable.Range(0, Workers).Select(_ => Task.Run(() => WorkAsync(messages, began, end), CancellationToken.None)));
    }

    private static string RecipientOf(int number) => (number % 50) switch
    {
        7 => $"user-unknown+p{number}@{SinkSet.Fussy}",
        1 or 11 or 21 or 31 or 41 => $"greylist+p{number}@{SinkSet.Fussy}",
        _ => $"p{number}@{SinkSet.Quick}",
    };

    private async Task WorkAsync(int messages, DateTime began, CancellationToken end)
    {
        var client = new SmtpClient();
        try
        {
            while (Accepted < messages && !end.IsCancellationRequested)
            {
                var number = Interlocked.Increment(ref _last);
                var turn = began + TimeSpan.FromSeconds(number / rate) - DateTime.UtcNow;
                if (turn > TimeSpan.Zero) await Task.Delay(turn, end);
                if (await SubmitAsync(client, RecipientOf(number))) continue;
                client.Dispose();
                client = new SmtpClient();
                await Task.Delay(AfterTrouble, end);
            }
        }
        catch (OperationCanceledException)
        {
            // The end of the load, not of a mail.
        }
        finally
        {
            client.Dispose();
        }
    }

    private async Task<bool> SubmitAsync(SmtpClient client, string recipient)
    {
        var began = DateTimeOffset.UtcNow;
        var (answer, code) = await client.SendAsync(server, SinkSet.Sender, recipient);
        _submissions.Enqueue(new SubmittedMail(recipient, began, DateTimeOffset.UtcNow, answer, code));
        if (answer == Answer.Accepted) Interlocked.Increment(ref _accepted);
        return answer == Answer.Accepted;
    }
}

/// <summary>One mail that a client tried to submit.</summary>
/// <param name="Code">The last reply; 0 where none came.</param>
internal sealed record SubmittedMail(string Recipient, DateTimeOffset Began, DateTimeOffset Ended, Answer Answer, int Code);

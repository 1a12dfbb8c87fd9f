using System.Diagnostics;
using Webcluster.Queue;
using Webcluster.Queue.Messages;

namespace Webcluster.Benchmarks;

/// <summary>Puts mail into a queue.</summary>
internal static class Filling
{
    private const int Writers = 256;

    public static async Task FillAsync(
        this IMailQueue queue, int count, Func<int, DateTimeOffset, NewMessage> message, CancellationToken cancellation)
    {
        var (next, began) = (-1, Stopwatch.GetTimestamp());
        await Task.WhenAll(Enumerable.Range(0, Writers).Select(_ => WriteAsync()));
        Console.WriteLine($"filled with {count} in {Stopwatch.GetElapsedTime(began).TotalSeconds:F0} s");

        async Task WriteAsync()
        {
            for (int index; (index = Interlocked.Increment(ref next)) < count;)
                await queue.StoreAsync(message(index, DateTimeOffset.UtcNow), cancellation);
        }
    }

    public static async Task StoreAsync(this IMailQueue queue, NewMessage message, CancellationToken cancellation)
    {
        if (await queue.EnqueueAsync(message, cancellation) is var result and not EnqueueResult.Stored)
            throw new InvalidOperationException($"A mail was not stored: {result}.");
    }
}

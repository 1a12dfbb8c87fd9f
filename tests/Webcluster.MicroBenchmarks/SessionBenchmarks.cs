using System.Runtime.CompilerServices;
using BenchmarkDotNet.Attributes;
using Microsoft.Extensions.Logging;
using Webcluster.Submission.Tests.Harness;

namespace Webcluster.MicroBenchmarks;

/// <summary>
/// A mail through an SMTP session that stays open, over pipes in memory: all of submission but sockets, the signature and the queue. What is allocated
/// includes the message that is handed to the queue, but no content: a mail of 1 octet beside one of 10 KB tells that apart.
/// </summary>
public class SessionBenchmarks
{
    private const int Together = 100;

    private readonly byte[] _small = [.. "Subject: a\r\n\r\na\r\n.\r\n"u8];
    private readonly byte[] _large = [.. Mails.Of(10 * 1024), .. ".\r\n"u8];
    private readonly byte[] _envelope = "MAIL FROM:<shop@sender.example>\r\nRCPT TO:<reader@site.example>\r\nDATA\r\n"u8.ToArray();
    private SubmissionServer? _server;
    private SmtpTestClient? _client;

    [GlobalSetup]
    public Task OpenAsync() => OpenAsync(answersLater: false);

    /// <summary>With a queue whose answer is waited for, as that of a real one is.</summary>
    [GlobalSetup(Target = nameof(AcceptSmallestLater))]
    public Task OpenLaterAsync() => OpenAsync(answersLater: true);

    [GlobalCleanup]
    public void Close() => _server?.Dispose();

    [Benchmark]
    public ValueTask AcceptSmallest() => AcceptAsync(_small);

    // Many at a time: who measures waits once, and that costs as much as a third of a mail.
    [Benchmark(OperationsPerInvoke = Together)]
    public async Task AcceptSmallestLater()
    {
        for (var mail = 0; mail < Together; mail++) await AcceptAsync(_small);
    }

    [Benchmark]
    public ValueTask Accept10k() => AcceptAsync(_large);

    private async Task OpenAsync(bool answersLater)
    {
        _server = new SubmissionServer();
        _server.Queue.Forgets = _server.Router.Forgets = _server.Suppressed.Forgets = true;
        _server.Queue.AnswersLater = answersLater;
        _server.Log.Least = LogLevel.Warning;
        _client = _server.Connect();
        await _client.ExpectAsync("220");
        await _client.AskAsync("EHLO client.example", "250");
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder))]
    private async ValueTask AcceptAsync(byte[] content)
    {
        await _client!.SendAsync(_envelope);
        await _client.SkipRepliesAsync(3);
        await _client.SendAsync(content);
        await _client.SkipRepliesAsync(1);
    }
}

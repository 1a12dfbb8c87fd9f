using System.Text;
using Shouldly;
using Webcluster.Submission.Sessions;
using Webcluster.Submission.Tests.Harness;
using Xunit;

namespace Webcluster.Submission.Tests.Sessions;

/// <summary>Whatever a client sends, in whatever segments: the session ends, says nothing in the log, and holds nothing.</summary>
public sealed class SessionFuzzTests
{
    private static readonly string[] Pieces =
    [
        "EHLO c\r\n", "HELO c\r\n", "MAIL FROM:<a@x>\r\n", "MAIL FROM:<> SIZE=9\r\n", "RCPT TO:<b@y>\r\n", "RCPT TO:<c@z.example>\r\n",
        "DATA\r\n", "BDAT 3\r\n",
        "BDAT 7 LAST\r\n", "BDAT 0 LAST\r\n", "RSET\r\n", "NOOP\r\n", "QUIT\r\n", "AUTH PLAIN\r\n", "AUTH LOGIN =\r\n", "*\r\n",
        "From: a@x\r\n", "\r\n", ".\r\n", "..\r\n",
        "\r", "\n", "\0", "body", "\xff", " folded\r\n", "x: y\r\n", "VRFY\r\n",
    ];

    [Fact]
    public async Task Session_RandomPieces_AlwaysEndsInOrder()
    {
        var seed = Environment.TickCount;
        var random = new Random(seed);
        for (var round = 0; round < 3_000; round++)
        {
            var sent = new StringBuilder();
            while (sent.Length < 200) sent.Append(Pieces[random.Next(Pieces.Length)]);
            var octets = Encoding.Latin1.GetBytes(sent.ToString());
            using var server = new SubmissionServer();
            server.Listener.AllowPlainAuth = true;
            var client = server.Connect();
            for (var at = 0; at < octets.Length;)
            {
                var part = Math.Min(random.Next(1, 40), octets.Length - at);
                await client.SendAsync(octets[at..(at + part)]);
                at += part;
            }

            var replies = await client.FinishAsync();
            var context = $"seed {seed}, round {round}: {sent}";
            replies.ShouldEndWith("\r\n", Case.Sensitive, context);
            foreach (var line in replies[..^2].Split("\r\n")) line.ShouldMatch("^[2345][0-9]{2}[ -][ -~]*$", context);
            (await client.Ended).ShouldNotBe(SessionEnd.Failed, context);
            server.Budget.InFlight.ShouldBe(0, context);
            foreach (var stored in server.Queue.Stored) FakeQueue.Text(stored).ShouldNotContain("\0", Case.Sensitive, context);
        }
    }
}

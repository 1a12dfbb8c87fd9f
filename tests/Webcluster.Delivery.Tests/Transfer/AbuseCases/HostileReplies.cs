using System.Text;
using Shouldly;
using Webcluster.Delivery.Tests.Connections;
using Webcluster.Delivery.Tests.Pump;
using Webcluster.Protocol.Smtp;
using Webcluster.TestKit.Peers;

namespace Webcluster.Delivery.Tests.Transfer.AbuseCases;

/// <summary>Replies that are no replies, or too much of one, or meant for whoever reads them later.</summary>
internal static class HostileReplies
{
    public static async Task Endless()
    {
        foreach (var reply in new[]
        {
            string.Concat(Enumerable.Repeat("250-x\r\n", 1_000_000)), "250 " + new string('x', 10_000_000) + "\r\n",
            "250-" + new string('x', ReplyParser.MaxLine) + "\r\n",
            string.Concat(Enumerable.Repeat("250-x\r\n", ReplyParser.MaxLines)) + "250 x\r\n",
        })
            (await AnswerAsync(reply)).ShouldBe("- | ProtocolError@Mail");
    }

    public static async Task Malformed()
    {
        foreach (var reply in new[]
        {
            "250-a\r\n550 b\r\n", "ABC hello\r\n", "2xx\r\n", "\r\n", "250 a\n", "250 a\0\r\n", "250\ta\r\n", "25 a\r\n", "2500 a\r\n",
            "250_a\r\n", "-250 a\r\n", "999 a\r\n",
        })
            (await AnswerAsync(reply)).ShouldBe("- | ProtocolError@Mail", SmtpScriptText(reply));

        var result = await Attempt.RunAsync(
            Server.Greet().On("MAIL FROM:<s@from.test>\r\n",
                "550 5.7.1 \x1b[31mred\x07 \xe2\x80\xae caf\xc3\xa9 \xff" + new string('y', 600) + "\r\n").Quit(),
                Sample.Message("a@to.test"));
        var text = result.Replies[0]!.ToString();
        text.ShouldStartWith("550 5.7.1 \\x1b[31mred\\x07 \\u202e café \\xffyyy");
        text.Any(char.IsControl).ShouldBeFalse();
    }

    public static async Task MeantForOtherReaders()
    {
        var filler = new string('z', 1000);
        var reply = "550-5.1.1 `id` $(id) {job=\"a\"} %s%n ' ; -- <script>\r\n550-5.1.1 From: x@evil.test\r\n"
            + $"550-5.1.1 --=_boundary--\r\n550-5.1.1\r\n550 5.1.1 .{filler}{filler}\r\n";
        await using var server =
            ScriptedServer.Start(Server.Greet().On("MAIL FROM:<s@from.test>\r\n", Server.Ok).On("RCPT TO:<a@to.test>\r\n", reply).Quit());
        await using var bench = new PumpBench(server);
        await bench.AcceptAsync("a@to.test");
        var (_, running) = await bench.RunAsync();
        await bench.Clock.AdvanceUntilAsync(running, TimeSpan.FromSeconds(1));
        var report = Encoding.UTF8.GetString(bench.Queue.Enqueued[^1].Content.ToArray());
        var lines = report.Split("\r\n");
        lines.ShouldAllBe(line =>
            line.Length <= 998 && !line.Contains('\n', StringComparison.Ordinal) && !line.Contains('\r', StringComparison.Ordinal));
        lines.ShouldNotContain(line => line.StartsWith("From: x", StringComparison.Ordinal));
        lines.Count(line => line.StartsWith("From:", StringComparison.Ordinal)).ShouldBe(1, "the report's own");
        report.ShouldContain("`id` $(id)");
        bench.Log.Entries.Single(entry => entry.Id == 3011).Text.Any(char.IsControl).ShouldBeFalse();
    }

    private static string SmtpScriptText(string reply) =>
        string.Concat(reply.Select(c => char.IsControl(c) ? $"\\x{(int)c:x2}" : c.ToString()));

    private static async Task<string> AnswerAsync(string reply)
    {
        // The client hangs up while the server still talks.
        await using var server = ScriptedServer.Start(Server.Greet().On("MAIL FROM:<s@from.test>\r\n", reply).ExpectEnd());
        await using var session = await new Outbound().SessionAsync(server);
        return Attempt.Tell(await session.TransferAsync(Sample.Message("a@to.test"), Attempt.Yes).Soon());
    }
}

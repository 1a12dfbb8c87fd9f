using Webcluster.Delivery.Tests.Connections;
using Webcluster.Delivery.Transfer;
using Webcluster.Delivery.TransportSecurity;
using Webcluster.TestKit.Peers;

namespace Webcluster.Delivery.Tests.Transfer;

/// <summary>Transactions with a scripted server, told as text: what decided each recipient, and how the connection ended.</summary>
internal static class Attempt
{
    /// <summary>A session, where there is nothing to learn from opening it.</summary>
    public static async Task<SmtpClientSession> SessionAsync(this Outbound outbound, ScriptedServer server, TlsPolicy tls = TlsPolicy.None)
    {
        var opened = await outbound.OpenAsync(server, tls);
        return opened.Connection is { } connection
            ? new SmtpClientSession(connection, outbound.Timeouts)
            : throw new InvalidOperationException(opened.Trouble!.Describe());
    }

    public static ValueTask<bool> Yes() => ValueTask.FromResult(true);

    public static async Task<TransferResult> RunAsync(SmtpScript script, OutgoingMessage message, Func<ValueTask<bool>>? mayCommit = null)
    {
        await using var server = ScriptedServer.Start(script);
        await using var session = await new Outbound().SessionAsync(server);
        var result = await session.TransferAsync(message, mayCommit ?? Yes).Soon();
        if (result.Trouble is null) await session.QuitAsync().Soon();
        await session.DisposeAsync();
        await server.FinishedAsync();
        return result;
    }

    /// <summary>"550@Rcpt 250@FinalDot", "-" for a recipient without a reply; then the trouble, and whether the dot was sent.</summary>
    public static string Tell(TransferResult result)
    {
        var recipients = result.Replies.Zip(result.Decided, (reply, stage) => reply is null ? "-" : $"{reply.Code}@{stage}");
        var trouble = result.Trouble is { } found ? $" | {found.Kind}@{found.Stage}{(found.Reply is { } reply ? $" {reply.Code}" : "")}"
            : "";
        return string.Join(' ', recipients) + trouble + (result.DotSent ? " | dot" : "");
    }
}

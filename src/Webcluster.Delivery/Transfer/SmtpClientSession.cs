using System.Buffers;
using Webcluster.Delivery.Connections;
using Webcluster.Delivery.Wire;
using Webcluster.Protocol.Smtp;
using Webcluster.Queue.Messages;

namespace Webcluster.Delivery.Transfer;

/// <summary>
/// Transactions over one connection, which it closes (RFC 5321 §3.3). It reports what the server said and judges nothing.
/// <para>
/// Normal path: MAIL, RCPT..., DATA → 354 → content and final dot → reply. Where PIPELINING is offered the commands before the content go
/// out together (RFC 2920). Abnormal: a refusal of MAIL, of every RCPT or of DATA ends the transaction, RSET goes out with the next one;
/// trouble of the connection ends the session.
/// </para>
/// </summary>
internal sealed class SmtpClientSession(OpenConnection connection, SmtpTimeouts timeouts) : IAsyncDisposable
{
    // Replies to a group must fit the socket buffers while the group is still being written.
    private const int RecipientsPerGroup = 100;

    public const string Stopping = "the node is stopping";

    private const int Idle = 0, Opening = 1, Committing = 2, Draining = 3;

    private readonly SmtpWire _wire = connection.Wire;
    private bool _needsReset;
    private int _phase;

    public OpenConnection Connection => connection;

    public Peer Peer => connection.Peer;

    public ServerCapabilities Server => connection.Server;

    /// <summary>Messages that the server took.</summary>
    public int Carried { get; private set; }

    /// <summary>Cuts the connection at once, from any thread.</summary>
    public void Abandon(string reason) => _wire.Abandon(reason);

    /// <summary>Ends the session from any thread: cuts a transaction that is not past DATA, and lets none begin. QUIT can still be said
    /// where none was under way.</summary>
    public void Drain(string reason)
    {
        while (Volatile.Read(ref _phase) is (Idle or Opening) and var phase)
        {
            if (!Pass(phase, Draining)) continue;
            if (phase == Opening) _wire.Abandon(reason);
            return;
        }
    }

    /// <summary>Runs one transaction.</summary>
    /// <param name="mayCommit">Asked right before the final dot; false gives the transaction up, and the message was not sent.</param>
    public async Task<TransferResult> TransferAsync(OutgoingMessage message, Func<ValueTask<bool>> mayCommit)
    {
        var transaction = new Transaction(message.Recipients.Count);
        if (Pass(Idle, Opening))
        {
            await OpenAsync(message, transaction);
            if (!transaction.IsOver) await CommitAsync(message.Content, transaction, mayCommit);
            Pass(Opening, Idle);
        }
        else
        {
            transaction.Trouble = new Trouble(Stage.Mail, TroubleKind.Abandoned, Stopping);
        }

        var result = transaction.Result();
        if (result.Replies.Any(reply => reply is { IsPositive: true })) Carried++;
        return result;
    }

    /// <summary>Says goodbye, waits for the answer a moment only.</summary>
    public async Task QuitAsync()
    {
        _wire.Output.Write("QUIT\r\n"u8);
        await _wire.ReadReplyAsync(Stage.Quit, timeouts.Quit);
    }

    public ValueTask DisposeAsync() => connection.DisposeAsync();

    /// <returns>False where it was in another phase.</returns>
    private bool Pass(int from, int to) => Interlocked.CompareExchange(ref _phase, to, from) == from;

    private async ValueTask OpenAsync(OutgoingMessage message, Transaction transaction)
    {
        await ResetAsync(transaction);
        if (transaction.IsOver) return;
        if (Server.Pipelining && message.Recipients.Count <= RecipientsPerGroup) await OpenPipelinedAsync(message, transaction);
        else await OpenStepwiseAsync(message, transaction);
    }

    private async ValueTask ResetAsync(Transaction transaction)
    {
        if (!_needsReset) return;
        _wire.Output.Write("RSET\r\n"u8);
        // rfc5321#4.1.1.5: the answer is 250. Where it is not, the next MAIL would be refused for the last one's sake.
        if (await ReadAsync(Stage.Reset, timeouts.Reset, transaction) is { IsPositive: false } reply)
        {
            transaction.Trouble = new Trouble(Stage.Reset, TroubleKind.Refused, "the server refused RSET", reply);
            transaction.IsOver = true;
        }

        _needsReset = false;
    }

    private async ValueTask OpenPipelinedAsync(OutgoingMessage message, Transaction transaction)
    {
        WriteMail(message);
        foreach (var recipient in message.Recipients) WriteRecipient(message, recipient);
        _wire.Output.Write("DATA\r\n"u8);

        var mail = await ReadAsync(Stage.Mail, timeouts.Mail, transaction);
        if (mail is { IsPositive: false }) transaction.Rest(Stage.Mail, mail);
        for (var i = 0; i < message.Recipients.Count && !transaction.IsOver; i++)
            if (await ReadAsync(Stage.Rcpt, timeouts.Rcpt, transaction) is { } reply)
                transaction.Recipient(i, reply);
        if (transaction.IsOver) return;

        var data = await ReadAsync(Stage.Data, timeouts.Data, transaction);
        if (data is null) return;
        if (data.IsIntermediate && transaction.Accepted == 0)
            await EndEmptyAsync(transaction);
        else
            EnterData(data, transaction);
    }

    private async ValueTask OpenStepwiseAsync(OutgoingMessage message, Transaction transaction)
    {
        WriteMail(message);
        var mail = await ReadAsync(Stage.Mail, timeouts.Mail, transaction);
        if (mail is null) return;
        if (!mail.IsPositive)
        {
            transaction.Rest(Stage.Mail, mail);
            transaction.IsOver = true;
            return;
        }

        for (var i = 0; i < message.Recipients.Count; i++)
        {
            WriteRecipient(message, message.Recipients[i]);
            if (await ReadAsync(Stage.Rcpt, timeouts.Rcpt, transaction) is not { } reply) return;
            transaction.Recipient(i, reply);
        }

        if (transaction.Accepted == 0)
        {
            transaction.IsOver = _needsReset = true;
            return;
        }

        _wire.Output.Write("DATA\r\n"u8);
        if (await ReadAsync(Stage.Data, timeouts.Data, transaction) is { } data) EnterData(data, transaction);
    }

    private void EnterData(SmtpReply data, Transaction transaction)
    {
        if (data.Code == 354) return;
        // A positive or odd reply to DATA is no leave to send content, and says nothing of the recipients.
        if (data.IsPositive || data.IsIntermediate)
            transaction.Trouble = new Trouble(Stage.Data, TroubleKind.ProtocolError, $"unexpected reply to DATA: {data}");
        else
            transaction.Rest(Stage.Data, data);
        transaction.IsOver = _needsReset = true;
    }

    // rfc2920#3.1: a server may say 354 although it took no recipient; the way out is an empty message, which it refuses.
    private async ValueTask EndEmptyAsync(Transaction transaction)
    {
        _wire.Output.Write(".\r\n"u8);
        await ReadAsync(Stage.FinalDot, timeouts.FinalDot, transaction);
        transaction.IsOver = true;
    }

    private async ValueTask CommitAsync(MessageContent content, Transaction transaction, Func<ValueTask<bool>> mayCommit)
    {
        if (!Pass(Opening, Committing))
        {
            transaction.Trouble = new Trouble(Stage.Content, TroubleKind.Abandoned, Stopping);
            return;
        }

        await SendContentAsync(content, transaction, mayCommit);
        Pass(Committing, Idle);
    }

    private async ValueTask SendContentAsync(MessageContent content, Transaction transaction, Func<ValueTask<bool>> mayCommit)
    {
        var stuffer = new DotStuffer();
        var parts = (content.Prefix, content.Body);
        for (var i = 0; i < 2; i++)
        {
            var rest = i == 0 ? parts.Prefix : parts.Body;
            while (!rest.IsEmpty)
            {
                var slice = rest[..Math.Min(rest.Length, 32 * 1024)];
                rest = rest[slice.Length..];
                stuffer.Write(slice.Span, _wire.Output);
                if (!_wire.ShouldFlush) continue;
                transaction.Trouble = await _wire.FlushAsync(Stage.Content, timeouts.Block);
                if (transaction.Trouble is not null) return;
            }
        }

        if (!await mayCommit())
        {
            transaction.Trouble = new Trouble(Stage.Content, TroubleKind.Abandoned, "the node may not send any more");
            return;
        }

        _wire.Output.Write(stuffer.End);
        transaction.DotSent = true;
        if (await ReadAsync(Stage.FinalDot, timeouts.FinalDot, transaction) is { } reply) transaction.Rest(Stage.FinalDot, reply);
        // 421 here is an answer: the server did not take the message.
        else if (transaction.Trouble?.Reply is not null) transaction.DotSent = false;
    }

    private async ValueTask<SmtpReply?> ReadAsync(Stage stage, TimeSpan timeout, Transaction transaction)
    {
        var (reply, trouble) = await _wire.ReadReplyAsync(stage, timeout);
        if (trouble is null && stage != Stage.Data && reply!.IsIntermediate)
            trouble = new Trouble(stage, TroubleKind.ProtocolError, $"unexpected reply: {reply}");
        if (trouble is null) return reply;
        transaction.Trouble = trouble;
        transaction.IsOver = true;
        return null;
    }

    private void WriteMail(OutgoingMessage message) =>
        CommandWriter.Mail(_wire.Output, message.ReversePath, message.MailParameters, Server);

    private void WriteRecipient(OutgoingMessage message, QueuedRecipient recipient) => CommandWriter.Recipient(
        _wire.Output, recipient.Address, new RcptParameters(message.NotifyOf(recipient), recipient.OriginalRecipient), Server);
}

using System.Runtime.CompilerServices;
using Webcluster.Protocol.Smtp;
using Webcluster.Submission.Replies;

namespace Webcluster.Submission.Sessions;

/// <content>MAIL, RCPT, and the end of a transaction.</content>
internal sealed partial class SmtpSession
{
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder))]
    private async ValueTask BeginTransactionAsync(SmtpCommand.Mail command, CancellationToken cancellation) =>
        Reply(await ConfirmUserAsync(cancellation) ? BeginTransaction(command) : ServerReply.UserChanged);

    private ServerReply BeginTransaction(SmtpCommand.Mail command)
    {
        if (_principal is null) return OffersStartTls ? ServerReply.StartTlsFirst : ServerReply.AuthRequired; // rfc6409#4.3
        // rfc8689#4.1: who asks for TLS all the way must have come by it.
        if (command.Parameters.RequireTls && _connection.Tls is null) return ServerReply.StartTlsFirst;
        if (_services.Acceptor.RefusesAll(out var refusal)) return refusal;
        if (command.Parameters.Size > _limits.MessageSize.Octets) return ServerReply.MessageTooLarge; // rfc1870#6.1
        if (command.ReversePath is { } sender && !_principal.Senders.Allow(sender)) return ServerReply.SenderNotAllowed; // rfc6409#6.1
        _transaction.Begin(command, _services.Time.GetTimestamp());
        _state = SessionState.Sender;
        return ServerReply.SenderOk;
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder))]
    private async ValueTask AddRecipientAsync(SmtpCommand.Recipient command, CancellationToken cancellation)
    {
        if (_transaction.Recipients.Count >= _limits.Recipients)
        {
            Reply(ServerReply.TooManyRecipients); // rfc5321#4.5.3.1.10
            if (++_transaction.Overshoot > _limits.RecipientOvershoot) CountError();
            return;
        }

        // rfc5321#4.1.1.3: "Postmaster" alone is the one of this host.
        var address = command.ForwardPath;
        if (address.Domain.Length == 0) address = address with { Domain = _services.Policy.HostName };
        var refusal = !address.IsAscii && !_transaction.Parameters.SmtpUtf8
            ? ServerReply.Utf8NotDeclared
            : await _services.Acceptor.RefusesAsync(address, _principal!.Tenant, cancellation);
        if (refusal is { } reply)
        {
            Reply(reply);
            return;
        }

        _transaction.Add(address, command.Parameters);
        _state = SessionState.Recipients;
        Reply(ServerReply.RecipientOk);
    }

    private ServerReply EndTransaction(ServerReply reply)
    {
        _transaction.Clear();
        if (IsTransactionOpen) _state = SessionState.Ready;
        return reply;
    }
}

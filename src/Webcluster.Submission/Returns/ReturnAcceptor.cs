using Microsoft.Extensions.Logging;
using Webcluster.Protocol.Addresses;
using Webcluster.Protocol.Dkim;
using Webcluster.Protocol.Headers;
using Webcluster.Protocol.Intake;
using Webcluster.Protocol.Reports;
using Webcluster.Protocol.Tokens;
using Webcluster.Queue;
using Webcluster.Submission.Acceptance;
using Webcluster.Submission.Auth;
using Webcluster.Submission.Replies;
using Webcluster.Submission.Unsubscribing;

namespace Webcluster.Submission.Returns;

/// <summary>
/// Takes mail to return paths and to the addresses of feedback loops, and nothing else; sends nothing on and answers nothing. A mail is taken when
/// what it says is stored. What it says counts only for a message that its return path, or what it quotes of the message, proves to be ours.
/// </summary>
internal sealed class ReturnAcceptor(
    ReturnAddresses addresses, ReturnPaths paths, ReportReader reader, ReturnRecorder recorder, ReturnServices services) : IMessageAcceptor
{
    public bool RefusesAll(out ServerReply refusal)
    {
        refusal = ServerReply.Ok;
        return false;
    }

    public ValueTask<ServerReply?> RefusesAsync(Mailbox recipient, string tenant, CancellationToken cancellation) =>
        ValueTask.FromResult(addresses.KindOf(recipient) switch
        {
            ReturnAddressKind.None => (ServerReply?)ServerReply.NoRelay,
            ReturnAddressKind.ReturnPath => IsBelieved(recipient, out _) ? null : ServerReply.UnknownReturnPath,
            _ => null,
        });

    public ArrivingBody? Arriving() => null;

    public async ValueTask<AcceptResult> AcceptAsync(IncomingMessage message, CancellationToken cancellation)
    {
        if (!services.Meter.TryCount(message.Origin.Address)) return new AcceptResult.Refused(ServerReply.TooMuchFromAddress);
        try
        {
            IReadOnlyList<MailReport>? reports = null;
            foreach (var address in message.Recipients.Select(recipient => recipient.Address))
            {
                var refusal = addresses.KindOf(address) == ReturnAddressKind.Unsubscribe
                    ? await UnsubscribeAsync(message.Content, cancellation)
                    : await RecordAsync(address, reports ??= Read(message), cancellation);
                if (refusal is { } reply) return new AcceptResult.Refused(reply);
            }

            return new AcceptResult.Taken();
        }
        catch (QueueUnavailableException away)
        {
            services.Log.ReturnsNotStored(away.Message);
            return new AcceptResult.Refused(ServerReply.StoreUnavailable);
        }
    }

    private IReadOnlyList<MailReport> Read(IncomingMessage message) =>
        reader.Read(message.Content, message.ReversePath?.ToString() ?? "");

    private async Task<ServerReply?> RecordAsync(Mailbox address, IReadOnlyList<MailReport> reports, CancellationToken cancellation)
    {
        var token = addresses.KindOf(address) == ReturnAddressKind.ReturnPath
            ? IsBelieved(address, out var path) ? path : (ReturnToken?)null
            : Quoted(reports);
        if (token is { } believed)
        {
            await recorder.RecordAsync(believed, reports, cancellation);
            return null;
        }

        // Mail from people, and reports that nothing proves to be about our mail.
        services.Metrics.Returned("unmatched");
        services.Log.ReturnUnmatched(address, reports[0].Kind.Text());
        return null;
    }

    // Late complaints count too: the message was ours.
    private ReturnToken? Quoted(IReadOnlyList<MailReport> reports)
    {
        foreach (var reference in reports.Select(report => report.Reference).OfType<string>().Distinct(StringComparer.Ordinal))
        {
            var problem = paths.ReadReference(reference, services.Time.GetUtcNow(), out var token);
            if (problem is TokenProblem.None or TokenProblem.Expired) return token;
            services.Metrics.TokenRefused(TokenKind.Reference, problem);
        }

        return null;
    }

    private async Task<ServerReply?> UnsubscribeAsync(ReadOnlyMemory<byte> content, CancellationToken cancellation)
    {
        // A mail program may have folded it.
        var subject = HeaderBlock.Scan(content).FirstValue("Subject"u8) ?? "";
        var text = string.Concat(subject.Where(character => !char.IsWhiteSpace(character)));
        if (services.Unsubscriber!.Read(text, out var token) != TokenProblem.None) return ServerReply.UnknownLink;
        await services.Unsubscriber.UnsubscribeAsync(token!, "mail", cancellation);
        return null;
    }

    private bool IsBelieved(Mailbox address, out ReturnToken token)
    {
        var problem = paths.Read(address, services.Time.GetUtcNow(), out token);
        if (problem == TokenProblem.None) return true;
        services.Metrics.TokenRefused(TokenKind.ReturnPath, problem);
        return false;
    }
}

/// <summary>What taking reports needs besides.</summary>
/// <param name="Unsubscriber">Null: no mail has links, so no address takes them.</param>
internal sealed record ReturnServices(
    Unsubscriber? Unsubscriber, AddressMeter Meter, TimeProvider Time, WayBackMetrics Metrics, ILogger<ReturnAcceptor> Log);

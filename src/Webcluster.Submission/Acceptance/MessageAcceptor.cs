using System.Runtime.CompilerServices;
using System.Text;
using Microsoft.Extensions.Logging;
using Webcluster.Protocol.Addresses;
using Webcluster.Protocol.Dkim;
using Webcluster.Protocol.Headers;
using Webcluster.Protocol.Smtp;
using Webcluster.Queue;
using Webcluster.Queue.Lanes;
using Webcluster.Queue.Messages;
using Webcluster.Queue.Routing;
using Webcluster.Submission.Content;
using Webcluster.Submission.Policy;
using Webcluster.Submission.Replies;

namespace Webcluster.Submission.Acceptance;

/// <summary>
/// Takes a message from end of data to the store, in this order: check its header, add what is missing, strip what is not for recipients,
/// sign, route, store. Only what the store has is accepted. The sender's octets are copied only where something is stripped or mended.
/// </summary>
internal sealed class MessageAcceptor(
    SubmissionPolicy policy, IMailQueue queue, IRecipientRouter router, RecipientSuppression suppression, MessagePrefix prefixes,
    TimeProvider time, ILogger<MessageAcceptor> log) : IMessageAcceptor
{
    // Enough for every author a real message has.
    private const int MaxAuthors = 50;

    // A recipient is asked about before the message is there; what is refused does not depend on it.
    private static readonly MailOrigin Unsent = new("", "", "", MailClass.Normal);

    private readonly RecipientRouting _routing = new(router);

    public bool RefusesAll(out ServerReply refusal)
    {
        var accepts = queue.IsAccepting(out var reason);
        refusal = accepts ? ServerReply.Ok : RefusalFor(reason);
        return !accepts;
    }

    /// <summary>Why a recipient of a tenant's mail is refused, where that is known without asking the network.</summary>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public async ValueTask<ServerReply?> RefusesAsync(Mailbox recipient, string tenant, CancellationToken cancellation) =>
        recipient.IsAddressLiteral && await router.RouteAsync(recipient, Unsent, cancellation) is RouteResult.Refused(var reason)
            ? RecipientRouting.RefusalFor(reason)
            : await suppression.RefusesAsync(recipient, tenant, cancellation);

    public ArrivingBody? Arriving() => prefixes.Arriving();

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public async ValueTask<AcceptResult> AcceptAsync(IncomingMessage message, CancellationToken cancellation)
    {
        // 1. Check.
        var header = HeaderBlock.Scan(message.Content);
        if (HeaderRules.Check(header) is { } malformed) return new AcceptResult.Refused(malformed);
        if (HeaderRules.IsHeaderless(header)) header = HeaderRules.MakeBody(message.Content);
        if (CheckAuthor(header, message, out var authorDomain) is { } forbidden) return new AcceptResult.Refused(forbidden);

        // 2. Add and strip.
        var now = time.GetUtcNow();
        var stamp = new AcceptanceStamp(MessageId.New(now), policy.HostName, now);
        var origin = OriginOf(header, message);
        var tags = HeaderRules.Tags(header);
        var wishes = new PrefixWishes(authorDomain, HeaderRules.UnsubscribeWish(header));
        header = HeaderRules.Strip(header);
        var envelope = MakeEnvelope(header, message, tags);

        // 3. Sign.
        var prefix = prefixes.Make(stamp, message, envelope, header, wishes);

        // 4. Route.
        var (deliveries, unroutable) = await _routing.RouteAsync(message.Recipients, origin, cancellation);
        if (unroutable is { } refusal) return new AcceptResult.Refused(refusal);

        // 5. Store.
        var content = new MessageContent(prefix, header.Message);
        var stored = new NewMessage(stamp.Id, envelope, content, deliveries, now, now + policy.MessageLifetime);
        var result = await queue.EnqueueAsync(stored, cancellation);
        if (result is EnqueueResult.Full or EnqueueResult.Unavailable) return new AcceptResult.Refused(RefusalFor(result));
        log.MessageAccepted(
            stamp.Id, envelope.Tenant, message.Origin.Address, message.ReversePath, message.Recipients.Count, content.Length,
            message.Origin.Tls?.Protocol ?? "none");
        return new AcceptResult.Queued(stamp.Id);
    }

    public static ServerReply? RefusalFor(ContentTrouble trouble) => trouble switch
    {
        ContentTrouble.None => null,
        ContentTrouble.TooLarge => ServerReply.MessageTooLarge,
        ContentTrouble.NoMemory => ServerReply.TooMuchInFlight,
        _ => throw new System.Diagnostics.UnreachableException(),
    };

    /// <summary>One reason is named, where there are several: the first of these.</summary>
    public static ServerReply? RefusalFor(ContentDefects defects)
    {
        if ((defects & (ContentDefects.BareCr | ContentDefects.BareLf)) != ContentDefects.None)
            return ServerReply.BareLineEnd; // rfc5321#2.3.8
        if ((defects & ContentDefects.Nul) != ContentDefects.None)
            return ServerReply.NulInContent; // rfc5321#4.5.2
        return (defects & ContentDefects.LineTooLong) != ContentDefects.None ? ServerReply.TextLineTooLong : null; // rfc5321#4.5.3.1.6
    }

    private static ServerReply RefusalFor(EnqueueResult result) => result switch
    {
        EnqueueResult.Full => ServerReply.StoreFull,
        EnqueueResult.Unavailable => ServerReply.StoreUnavailable,
        EnqueueResult.Stored or EnqueueResult.AlreadyStored or _ => throw new System.Diagnostics.UnreachableException(),
    };

    // The domain to sign for is the author's; where the From field cannot be read it is the envelope sender's.
    private static ServerReply? CheckAuthor(HeaderBlock header, IncomingMessage message, out string? authorDomain)
    {
        authorDomain = message.ReversePath?.Domain;
        if (header.Count("From"u8) == 0) return message.ReversePath is null ? ServerReply.NoAuthor : null;
        var isReadable = header.TryReadAddresses("From"u8, MaxAuthors, out var authors);
        if (authors.Count > 0) authorDomain = authors[0].Domain;
        var senders = message.Principal.Senders;
        return senders.AllowsAny || (isReadable && authors.Count > 0 && authors.All(senders.Allow)) ? null : ServerReply.AuthorNotAllowed;
    }

    private static MailOrigin OriginOf(HeaderBlock header, IncomingMessage message) => new(
        message.ReversePath?.Domain ?? "", message.Principal.Name, message.Principal.Tenant,
        ClassOf(header, message.Principal.Class), HeaderRules.RequestedPool(header));

    /// <param name="given">The user's: the highest that his mail has, and that of mail which asks for none.</param>
    private static MailClass ClassOf(HeaderBlock header, MailClass? given)
    {
        var asked = HeaderRules.RequestedClass(header) ?? given ?? MailClass.Normal;
        return given is { } highest && asked < highest ? highest : asked;
    }

    // rfc6531#3.6: a client may declare SMTPUTF8 without needing it; then the message can go where it is not known.
    private static Envelope MakeEnvelope(HeaderBlock header, IncomingMessage message, MessageTags tags)
    {
        var smtpUtf8 = message.Parameters.SmtpUtf8
            && (message.ReversePath is { IsAscii: false } || message.Recipients.Any(recipient => !recipient.Address.IsAscii)
                || !Ascii.IsValid(header.Message.Span[..header.HeaderLength]));
        return new Envelope(
            message.ReversePath, message.Parameters.EnvelopeId, message.Parameters.Return, EightBit: !Ascii.IsValid(header.Message.Span),
            smtpUtf8, message.Principal.Tenant, tags)
        {
            Tls = HeaderRules.TlsWish(header, message.Parameters),
        };
    }
}

using System.Globalization;
using Webcluster.Queue.Lanes;
using Webcluster.Queue.Messages;
using Webcluster.Queue.Rules;
using Webcluster.Queue.Traffic;

namespace Webcluster.Queue.Events;

/// <summary>The events that the queue itself knows all about.</summary>
internal static class QueueEvents
{
    private const int MostRecipients = 100;

    public static MailEvent Accepted(NewMessage message, string node) => new()
    {
        Kind = MailEventKind.Accepted,
        At = message.AcceptedAt,
        Message = message.Id.ToString(),
        Tenant = message.Envelope.Tenant,
        Tags = message.Envelope.Tags.Values is { Count: > 0 } tags ? tags : null,
        Class = ClassName(message.Deliveries[0].Class),
        Sender = message.Envelope.ReversePath?.ToString() ?? "",
        Recipients = [.. message.Deliveries.SelectMany(delivery => delivery.Recipients).Take(MostRecipients)
            .Select(recipient => recipient.Address.ToString())],
        Size = message.Content.Length,
        Node = node,
    };

    public static MailEvent Adjusted(
        string provider, string source, Adjustment adjustment, string reply, (DateTimeOffset At, string Node) seen) => new()
    {
        Kind = adjustment is Adjustment.Suspend ? MailEventKind.SourceChanged : MailEventKind.LimitChanged,
        At = seen.At,
        Provider = provider,
        Source = source.Length == 0 ? "system" : source,
        Reply = reply,
        Reason = Describe(adjustment),
        Node = seen.Node,
    };

    /// <summary>A rule that holds mail was added: one event for all it is about, known by what the rule goes by.</summary>
    /// <param name="tenant">Of the message that the rule is about; null: it is about more, or that message is not queued.</param>
    public static MailEvent Held(QueueRule rule, string? tenant, string node)
    {
        var held = new MailEvent
        {
            Kind = MailEventKind.Held,
            At = rule.AddedAt,
            Rule = rule.Id.ToString(),
            Reason = rule.Reason,
            Node = node,
        };
        var value = rule.Target.Value;
        return rule.Target.Scope switch
        {
            RuleScope.Message => held with { Message = value, Tenant = tenant },
            RuleScope.Lane when LaneKey.Parse(value) is var (provider, site, pool) =>
                held with { Provider = provider, Site = site, Pool = pool },
            RuleScope.Lane or RuleScope.Site => held with { Site = value },
            RuleScope.Provider => held with { Provider = value },
            RuleScope.Domain => held with { Recipient = $"@{value}" },
            RuleScope.Tenant => held with { Tenant = value },
            RuleScope.Tag => held with { Tags = [value] },
            _ => throw new ArgumentOutOfRangeException(nameof(rule)),
        };
    }

    /// <summary>A rule dropped a delivery or moved it to another pool.</summary>
    public static MailEvent Ruled(MailEventKind kind, DateTimeOffset at, MessageId message, LaneKey lane, FlowKey flow) => new()
    {
        Kind = kind,
        At = at,
        Message = message.ToString(),
        Tenant = flow.Tenant,
        Class = ClassName(flow.Class),
        Provider = lane.Provider,
        Site = lane.Site,
        Pool = lane.Pool,
    };

    public static string ClassName(MailClass mailClass) => mailClass switch
    {
        MailClass.Transactional => "transactional",
        MailClass.Normal => "normal",
        MailClass.Bulk => "bulk",
        _ => throw new ArgumentOutOfRangeException(nameof(mailClass)),
    };

    private static string Describe(Adjustment adjustment) => adjustment switch
    {
        Adjustment.SlowDown slow => string.Create(CultureInfo.InvariantCulture, $"slower, by {slow.Factor:0.##}"),
        Adjustment.FewerConnections => "fewer connections",
        Adjustment.MessagesPerConnection learned =>
            string.Create(CultureInfo.InvariantCulture, $"{learned.Messages} messages per connection"),
        Adjustment.Suspend suspend => string.Create(CultureInfo.InvariantCulture, $"suspended for {suspend.For.TotalSeconds:0} s"),
        Adjustment.Complaint => "a complaint",
        _ => throw new ArgumentException($"{adjustment} is no adjustment.", nameof(adjustment)),
    };
}

using Webcluster.Queue.Embedded.Storage;
using Webcluster.Queue.Messages;

namespace Webcluster.Queue.Embedded.Indexing;

/// <summary>
/// What one step of carrying a rule out is about to do: its deliveries belong to the writer until it is finished or given up.
/// </summary>
/// <param name="After">The rule as it will stand.</param>
/// <param name="Due">When what is expedited or bounced is due: now, in UTC ticks.</param>
/// <param name="Forgotten">Rules that leave the list, because this one is done.</param>
internal sealed record RuleStep(ActiveRule Rule, RuleRow After, List<RuleChange> Changes, long Due, IReadOnlyList<ActiveRule> Forgotten)
{
    public string BounceText => Rule.Rule.BounceText;
}

/// <summary>One delivery that a step changes.</summary>
internal sealed class RuleChange(Delivery delivery)
{
    public Delivery Delivery => delivery;

    /// <summary>Those the rule is not about, where it is about some only.</summary>
    public Recipients? Rest { get; set; }

    /// <summary>Those the rule is about, where it is about some only.</summary>
    public Recipients? Part { get; set; }

    /// <summary>The delivery that is made for <see cref="Part"/> when it is to bounce.</summary>
    public DeliveryRow Made { get; set; }
}

/// <summary>Recipients as they are stored, and their domains.</summary>
internal sealed record Recipients(byte[] Record, string[] Domains)
{
    public static Recipients Of(IReadOnlyList<QueuedRecipient> list) =>
        new(RecipientsCodec.Encode(list), [.. list.Select(recipient => recipient.Address.Domain).Distinct()]);
}

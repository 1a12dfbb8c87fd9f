using Webcluster.Protocol.Addresses;
using Webcluster.Queue.Lanes;
using Webcluster.Queue.Messages;

namespace Webcluster.Queue.Rules;

/// <summary>
/// What a rule is about. Compared ordinally with what deliveries are known by: a message's id, a lane as
/// <see cref="Lanes.LaneKey.ToString"/> writes it, a site, a provider, a recipient's domain, a tenant, a tag.
/// </summary>
public readonly record struct RuleTarget(RuleScope Scope, string Value)
{
    public const int MostLength = 512;

    /// <summary>Made of whole lanes, so that a suspension needs to touch no delivery.</summary>
    public bool IsOfLanes => Scope is RuleScope.Lane or RuleScope.Site or RuleScope.Provider;

    /// <summary>
    /// Was it good enough for older versions, which took lanes, sites and providers as they were written? One in another form is about
    /// nothing.
    /// </summary>
    internal bool WasTaken => IsOfLanes && IsName(Value);

    /// <summary>Brings a value to the form it is compared in; false where nothing can be called so.</summary>
    public static bool TryCreate(RuleScope scope, string text, out RuleTarget target)
    {
        var value = scope switch
        {
            RuleScope.Message => MessageId.TryParse(text, out var id) ? id.ToString() : null,
            RuleScope.Domain => Domain(text),
            RuleScope.Tag => MessageTags.IsTag(text) ? text : null,
            RuleScope.Lane => Lane(text),
            RuleScope.Site or RuleScope.Provider => IsName(text) ? Place(text) : null,
            RuleScope.Tenant => IsName(text) ? text : null,
            _ => throw new ArgumentOutOfRangeException(nameof(scope)),
        };
        target = new RuleTarget(scope, value ?? "");
        return value is not null;
    }

    private static string? Domain(string text)
    {
        if (text.StartsWith('[') && text.EndsWith(']') && IsName(text))
            return text;
        return DomainName.TryNormalize(text.StartsWith('@') ? text.AsSpan(1) : text, out var domain) ? domain : null;
    }

    private static string? Lane(string text)
    {
        if (!IsName(text) || LaneKey.Parse(text) is not { } lane)
            return null;
        var pool = lane.Pool.ToLowerInvariant();
        return PoolName.IsName(pool) ? new LaneKey(Place(lane.Provider), Place(lane.Site), pool).ToString() : null;
    }

    /// <summary>As routing writes it: in lower case, but for the tag of an address literal.</summary>
    private static string Place(string text) =>
        Mailbox.TryParse($"postmaster@{text}", out var literal) && literal!.IsAddressLiteral ? literal.Domain : text.ToLowerInvariant();

    private static bool IsName(string text) => text.Length is > 0 and <= MostLength && !text.Any(char.IsControl);
}

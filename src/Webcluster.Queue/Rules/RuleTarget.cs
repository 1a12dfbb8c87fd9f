using Webcluster.Protocol.Addresses;
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

    /// <summary>Brings a value to the form it is compared in; false where nothing can be called so.</summary>
    public static bool TryCreate(RuleScope scope, string text, out RuleTarget target)
    {
        var value = scope switch
        {
            RuleScope.Message => MessageId.TryParse(text, out var id) ? id.ToString() : null,
            RuleScope.Domain => Domain(text),
            RuleScope.Tag => MessageTags.IsTag(text) ? text : null,
            RuleScope.Lane or RuleScope.Site or RuleScope.Provider or RuleScope.Tenant => IsName(text) ? text : null,
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

    private static bool IsName(string text) => text.Length is > 0 and <= MostLength && !text.Any(char.IsControl);
}

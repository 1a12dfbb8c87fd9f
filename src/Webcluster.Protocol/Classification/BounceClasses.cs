using System.Collections.Frozen;

namespace Webcluster.Protocol.Classification;

/// <summary>The text form of a <see cref="BounceClass"/>: kebab case, as in events and files.</summary>
public static class BounceClasses
{
    private static readonly string[] Names =
    [
        "invalid-recipient", "mailbox-full", "inactive-mailbox", "policy", "spam-content", "ip-reputation", "domain-reputation",
        "auth-failure", "rate-limited", "greylisted", "message-too-large", "dns-failure", "connection-failure", "protocol-error",
        "relay-denied", "transient-other", "permanent-other",
    ];

    private static readonly FrozenDictionary<string, BounceClass> ByName =
        Enum.GetValues<BounceClass>().ToFrozenDictionary(each => Names[(int)each], StringComparer.Ordinal);

    public static string Text(this BounceClass bounceClass) => Names[(int)bounceClass];

    public static bool TryParse(string? text, out BounceClass bounceClass) =>
        ByName.TryGetValue(text ?? "", out bounceClass);
}

using System.Collections.Immutable;
using Webcluster.Protocol.Classification.Text;

namespace Webcluster.Protocol.Classification.Rules;

/// <summary>One rule as it is written. It matches when all its conditions do; an empty one always does.</summary>
/// <param name="Sure">How often it is right, 0 to 1. Under <see cref="Consequences.SureEnough"/> it suppresses nothing.</param>
/// <param name="Texts">One of them: all of its phrases are in the text.</param>
/// <param name="Not">Of none of them all phrases are in the text.</param>
internal sealed record ReplyRule(
    string Name, BounceClass Class, double Sure, ReplyConditions Conditions, ImmutableArray<ImmutableArray<string>> Texts,
    ImmutableArray<ImmutableArray<string>> Not)
{
    public ImmutableArray<string> Examples { get; init; } = [];
}

/// <summary>What a rule asks of a reply besides its text.</summary>
internal sealed record ReplyConditions(
    ImmutableArray<string> Providers, ImmutableArray<DigitPattern> Codes, ImmutableArray<EnhancedPattern> Statuses)
{
    public bool Fit(in ReplyText reply, string? provider)
    {
        if (!Providers.IsEmpty && (provider is null || !Providers.Contains(provider, StringComparer.OrdinalIgnoreCase))) return false;
        return (Codes.IsEmpty || AnyCode(reply)) && (Statuses.IsEmpty || AnyStatus(reply));
    }

    private bool AnyCode(in ReplyText reply)
    {
        foreach (var code in Codes)
            if (code.Fits(reply)) return true;
        return false;
    }

    private bool AnyStatus(in ReplyText reply)
    {
        foreach (var status in Statuses)
            if (status.Fits(reply.Enhanced)) return true;
        return false;
    }
}

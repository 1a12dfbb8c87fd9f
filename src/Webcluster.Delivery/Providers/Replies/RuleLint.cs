using Webcluster.Delivery.Wire;

namespace Webcluster.Delivery.Providers.Replies;

/// <summary>Finds rules that cannot do what they are for: each must match its own examples, and no rule before it may take them.</summary>
internal sealed class RuleLint(PolicyLayers layers)
{
    public IEnumerable<(string Key, string Problem)> Problems(ProviderOptions provider)
    {
        var inForce = layers.Rules(provider.Name);
        for (var index = 0; index < provider.Rules.Count; index++)
        {
            var rule = provider.Rules[index];
            if (provider.Rules.FindIndex(other => other.Name == rule.Name) < index)
                yield return ($"rules[{index}].name", $"'{rule.Name}' is given twice");
            else if (!rule.Problems().Any())
                foreach (var (key, problem) in Examples(rule, inForce))
                    yield return ($"rules[{index}].{key}", problem);
        }
    }

    private static IEnumerable<(string, string)> Examples(ReplyRuleOptions rule, ReplyRules inForce)
    {
        var alone = new ReplyRules([new ReplyRule(rule, "")]);
        foreach (var (index, example) in rule.Examples.Index())
        {
            if (ReplyExample.Parse(example) is not { } reply)
                yield return ($"examples[{index}]", "is no refusal: it begins with its code, as in \"421 4.7.0 text\"");
            else if (alone.Find(new Refusal(reply, Stage.Mail)) is null)
                yield return ($"examples[{index}]", $"rule '{rule.Name}' does not match it");
            else if (inForce.Find(new Refusal(reply, Stage.Mail)) is { } taken && taken.Name != rule.Name)
                yield return ($"examples[{index}]", $"rule '{taken.Name}' ({taken.Origin}), which is asked before, takes it");
        }
    }
}

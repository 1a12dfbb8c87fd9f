namespace Webcluster.Queue.Rules;

/// <summary>Names one rule: a UUIDv7, made by whoever adds the rule, so that adding it again changes nothing.</summary>
public readonly record struct RuleId(Guid Value)
{
    public static RuleId New(DateTimeOffset now) => new(Guid.CreateVersion7(now));

    public static bool TryParse(string? text, out RuleId id)
    {
        var parsed = Guid.TryParse(text, out var value);
        id = new RuleId(value);
        return parsed;
    }

    public override string ToString() => Value.ToString("D");
}

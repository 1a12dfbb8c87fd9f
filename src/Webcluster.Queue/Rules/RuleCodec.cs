using System.Diagnostics.CodeAnalysis;
using Webcluster.Queue.Messages;

namespace Webcluster.Queue.Rules;

/// <summary>
/// The stored form of a rule but its id, the same in every store. Version 1: version, action, scope, flags, value, reason, added, [author],
/// [until], [pool]; times in UTC ticks. The numbers are frozen; a change is a new version that still reads this one.
/// </summary>
internal static class RuleCodec
{
    private const byte Version = 1;

    [Flags]
    private enum Parts : byte { None = 0, Author = 1, Until = 2, Pool = 4, All = 7 }

    public static byte[] Encode(QueueRule rule)
    {
        var writer = new FieldWriter(256);
        writer.Octet(Version);
        writer.Octet((byte)rule.Action);
        writer.Octet((byte)rule.Target.Scope);
        writer.Octet((byte)PartsOf(rule));
        writer.Text(rule.Target.Value);
        writer.Text(rule.Reason);
        writer.Time(rule.AddedAt);
        if (rule.Author is { } author)
            writer.Text(author);
        if (rule.Until is { } until)
            writer.Time(until);
        if (rule.Pool is { } pool)
            writer.Text(pool);
        return writer.Finish();
    }

    /// <returns>False where the record is not a whole and sound rule of a known version.</returns>
    public static bool TryDecode(RuleId id, ReadOnlySpan<byte> record, [NotNullWhen(true)] out QueueRule? rule)
    {
        rule = null;
        var reader = new FieldReader(record);
        if (reader.Octet() != Version)
            return false;
        var action = (RuleAction)reader.Octet();
        var scope = (RuleScope)reader.Octet();
        var parts = (Parts)reader.Octet();
        if ((parts & ~Parts.All) != Parts.None)
            return false;
        var read = new QueueRule(id, action, new RuleTarget(scope, reader.Text()), reader.Text(), reader.Time())
        {
            Author = parts.HasFlag(Parts.Author) ? reader.Text() : null,
            Until = parts.HasFlag(Parts.Until) ? reader.Time() : null,
            Pool = parts.HasFlag(Parts.Pool) ? reader.Text() : null,
        };
        if (!reader.Ended || !RuleProblems.MayBeStored(read))
            return false;
        rule = read;
        return true;
    }

    private static Parts PartsOf(QueueRule rule) =>
        (rule.Author is null ? Parts.None : Parts.Author) | (rule.Until is null ? Parts.None : Parts.Until)
        | (rule.Pool is null ? Parts.None : Parts.Pool);
}

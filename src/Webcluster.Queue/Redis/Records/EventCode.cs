using System.Buffers.Binary;
using System.Globalization;
using System.Text;
using StackExchange.Redis;
using Webcluster.Queue.Events;
using Webcluster.Queue.Messages;
using Webcluster.Queue.Redis.Connection;
using Webcluster.Queue.Rules;

namespace Webcluster.Queue.Redis.Records;

/// <summary>Events as scripts take and show them.</summary>
internal static class EventCode
{
    private const int Fields = 2;

    /// <summary>Each as JSON behind its length.</summary>
    public static RedisValue Pack(IReadOnlyList<MailEvent> events)
    {
        if (events.Count == 0)
            return RedisValue.EmptyString;
        var all = events.Select(MailEventJson.Encode).ToArray();
        var packed = new byte[all.Sum(json => sizeof(int) + json.Length)];
        var at = 0;
        foreach (var json in all)
        {
            BinaryPrimitives.WriteInt32BigEndian(packed.AsSpan(at), json.Length);
            json.CopyTo(packed, at + sizeof(int));
            at += sizeof(int) + json.Length;
        }
        return packed;
    }

    /// <summary>One event of the stream: its id and its fields. What cannot be read is passed over.</summary>
    public static StoredEvent? Read(int shard, RedisResult entry)
    {
        var (id, fields) = entry.Items(least: 2) is var parts ? (parts[0].Text(), parts[1].Items(stride: Fields)) : default;
        byte[]? Field(string name)
        {
            for (var i = 0; i < fields.Length; i += Fields)
                if (fields[i].Text() == name)
                    return fields[i + 1].Octets();
            return null;
        }
        var mailEvent = Field("e") is { } json ? MailEventJson.Decode(json) : Made(id, Field);
        return mailEvent is null ? null : new StoredEvent(string.Create(CultureInfo.InvariantCulture, $"{shard}-{id}"), mailEvent);
    }

    /// <summary>One that a script made.</summary>
    private static MailEvent? Made(string id, Func<string, byte[]?> field)
    {
        var isKnown = Enum.TryParse<MailEventKind>(Encoding.UTF8.GetString(field("k") ?? []), ignoreCase: true, out var kind);
        if (!isKnown || field("m") is not { Length: 16 } message || LaneCode.Decode(field("l") ?? []) is not { } lane
            || FlowCode.Decode(field("f") ?? []) is not { } flow)
            return null;
        var at = DateTimeOffset.FromUnixTimeMilliseconds(long.Parse(id.AsSpan(0, id.IndexOf('-')), CultureInfo.InvariantCulture));
        var rule = field("r") is { Length: 16 } octets ? new RuleId(new Guid(octets, bigEndian: true)).ToString() : null;
        return QueueEvents.Ruled(kind, at, new MessageId(new Guid(message, bigEndian: true)), lane, flow) with { Rule = rule };
    }
}

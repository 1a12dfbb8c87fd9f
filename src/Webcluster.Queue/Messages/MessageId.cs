namespace Webcluster.Queue.Messages;

/// <summary>Names one accepted message: a UUIDv7, so ids sort by the time they were made.</summary>
public readonly record struct MessageId(Guid Value) : IComparable<MessageId>
{
    public static MessageId New(DateTimeOffset now) => new(Guid.CreateVersion7(now));

    public static bool TryParse(string? text, out MessageId id)
    {
        var parsed = Guid.TryParse(text, out var value);
        id = new MessageId(value);
        return parsed;
    }

    public int CompareTo(MessageId other) => Value.CompareTo(other.Value);

    public override string ToString() => Value.ToString("D");
}

/// <summary>Names one delivery: a message and the ordinal of the delivery in it, fixed when the message was accepted.</summary>
public readonly record struct DeliveryId(MessageId Message, int Ordinal)
{
    public override string ToString() => $"{Message}.{Ordinal}";
}

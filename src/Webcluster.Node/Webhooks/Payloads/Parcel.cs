using System.Text.Json.Serialization;

namespace Webcluster.Node.Webhooks.Payloads;

/// <summary>What one request carries; whenever it is sent again, it is the same to the octet.</summary>
internal sealed record Parcel
{
    /// <summary>The event's id; of a batch one made of its first and last. Receivers know by it what they had already.</summary>
    public required string Id { get; init; }

    /// <summary>Of its first event.</summary>
    public required string Type { get; init; }

    /// <summary>When its first event happened.</summary>
    public required DateTimeOffset At { get; init; }

    /// <summary>The ids of its events.</summary>
    public required IReadOnlyList<string> Events { get; init; }

    /// <summary>The messages they are of, each once: what follows about these must wait for it.</summary>
    public required IReadOnlyList<string> Messages { get; init; }

    public required byte[] Body { get; init; }

    /// <summary>What it takes in the stored state, about: octets of base64, ids with their quotes, and the names around them.</summary>
    [JsonIgnore]
    public int StoredOctets => (Body.Length + 2) / 3 * 4 + Events.Concat(Messages).Sum(id => id.Length + 3) + 400;
}

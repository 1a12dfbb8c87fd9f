using System.Buffers;

namespace Webcluster.Queue.Messages;

/// <summary>What the sender calls a message, so that operators can name a campaign: a few words, each once, in the order given.</summary>
public readonly struct MessageTags : IEquatable<MessageTags>
{
    public const int Most = 8;
    public const int MostLength = 64;

    private static readonly SearchValues<char> TagCharacters = SearchValues.Create(
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789!#$%&*+-./:=?@_~");

    private readonly string[]? _values;

    private MessageTags(string[] values) => _values = values;

    public IReadOnlyList<string> Values => _values ?? [];

    /// <summary>1 to <see cref="MostLength"/> visible ASCII characters without quotes, brackets and separators.</summary>
    public static bool IsTag(ReadOnlySpan<char> text) => text.Length is > 0 and <= MostLength && !text.ContainsAnyExcept(TagCharacters);

    /// <summary>The first <see cref="Most"/> of the texts that are tags; others, and repetitions, are passed over.</summary>
    public static MessageTags Of(IEnumerable<string> texts)
    {
        string[] tags = [.. texts.Where(text => IsTag(text)).Distinct(StringComparer.Ordinal).Take(Most)];
        return tags.Length == 0 ? default : new MessageTags(tags);
    }

    /// <summary>Separated by spaces; <see cref="Parse"/> reads it.</summary>
    public override string ToString() => string.Join(' ', Values);

    public static MessageTags Parse(string text) => text.Length == 0 ? default : Of(text.Split(' '));

    public bool Equals(MessageTags other) => Values.SequenceEqual(other.Values, StringComparer.Ordinal);

    public override bool Equals(object? obj) => obj is MessageTags other && Equals(other);

    public override int GetHashCode() => ToString().GetHashCode(StringComparison.Ordinal);

    public static bool operator ==(MessageTags left, MessageTags right) => left.Equals(right);

    public static bool operator !=(MessageTags left, MessageTags right) => !left.Equals(right);
}

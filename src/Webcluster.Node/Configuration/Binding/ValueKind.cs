using System.Globalization;
using System.Text.Json;
using Webcluster.Protocol.Units;
using Webcluster.Queue.Traffic;

namespace Webcluster.Node.Configuration.Binding;

/// <summary>A type that one value of the configuration can have: how it is written, read and described.</summary>
/// <param name="Description">For the reference: "duration".</param>
/// <param name="Expectation">Ends the sentence "'abc' ...": "is not a duration; write one like ...".</param>
/// <param name="Parse">Null where the text is no such value.</param>
internal sealed record ValueKind(string Description, string Expectation, Func<string, object?> Parse, Func<object, string> Format)
{
    private static readonly Dictionary<Type, ValueKind> Known = new()
    {
        [typeof(string)] = new("text", "", text => text, value => (string)value),
        [typeof(bool)] = new("true or false", "is not true or false", ParseBool, value => (bool)value ? "true" : "false"),
        [typeof(int)] = new(
            "whole number", "is not a whole number",
            text => int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var value) ? value : null,
            Invariant),
        [typeof(long)] = new(
            "whole number", "is not a whole number",
            text => long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var value) ? value : null,
            Invariant),
        [typeof(double)] = new(
            "number", "is not a number; write one like 0.5",
            text => double.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var value) ? value : null,
            Invariant),
        [typeof(TimeSpan)] = new(
            "duration", "is not a duration; write one like 500ms, 30s, 5m, 1h30m or 5d",
            text => Duration.TryParse(text, out var value) ? value : null, value => Duration.Format((TimeSpan)value)),
        [typeof(ByteSize)] = new(
            "size", "is not a size; write one like 64KiB, 25MiB or 1GiB",
            text => ByteSize.TryParse(text, out var value) ? value : null, value => ((ByteSize)value).ToString()),
        [typeof(Rate)] = new(
            "rate", "is not a rate; write one like 100/min, 10/s,burst=5 or 1000/d",
            text => Rate.TryParse(text, out var value) ? value : null, value => ((Rate)value).ToString()),
    };

    /// <summary>The kind of a scalar type; null where the type is a section or a list.</summary>
    public static ValueKind? Of(Type type)
    {
        type = Nullable.GetUnderlyingType(type) ?? type;
        return type.IsEnum ? OfEnum(type) : Known.GetValueOrDefault(type);
    }

    /// <summary>The configuration's name for a property: MaxSessions is max_sessions.</summary>
    public static string KeyOf(string property) => JsonNamingPolicy.SnakeCaseLower.ConvertName(property);

    private static ValueKind OfEnum(Type type)
    {
        var words = Enum.GetNames(type).ToDictionary(JsonNamingPolicy.SnakeCaseLower.ConvertName, name => Enum.Parse(type, name));
        var spellings = words.ToDictionary(word => word.Key.Replace("_", ""), word => word.Value, StringComparer.OrdinalIgnoreCase);
        var allowed = string.Join(", ", words.Keys);
        return new ValueKind(
            $"one of {allowed}", $"is not allowed; one of: {allowed}",
            text => spellings.GetValueOrDefault(text.Replace("_", "").Replace("-", "")),
            value => JsonNamingPolicy.SnakeCaseLower.ConvertName(value.ToString()!));
    }

    private static object? ParseBool(string text) => text.ToLowerInvariant() switch { "true" => true, "false" => false, _ => null };

    private static string Invariant(object value) => Convert.ToString(value, CultureInfo.InvariantCulture)!;
}

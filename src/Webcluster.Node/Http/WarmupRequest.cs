using System.Text.Json;
using System.Text.Json.Serialization;

namespace Webcluster.Node.Http;

/// <summary>The step that an operator wants a source on: its number, or "warm".</summary>
internal sealed record WarmupRequest
{
    public const string Warm = "warm";
    public const int LongestAuthor = 100;

    [JsonRequired]
    public JsonElement Step { get; init; }

    public string? Author { get; init; }

    [JsonIgnore]
    public bool HasGoodAuthor => IsGoodAuthor(Author);

    public static bool IsGoodAuthor(string? author) =>
        author is null || (author.Length is > 0 and <= LongestAuthor && !author.Any(char.IsControl));

    /// <param name="steps">So many the plan has.</param>
    /// <param name="step">Null: warm.</param>
    public bool TryRead(int steps, out int? step)
    {
        step = null;
        if (Step.ValueKind == JsonValueKind.String) return Step.ValueEquals(Warm);
        if (Step.ValueKind != JsonValueKind.Number || !Step.TryGetInt32(out var number) || number < 1 || number > steps) return false;
        step = number;
        return true;
    }
}

using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Http.Features;

namespace Webcluster.Node.Http;

/// <summary>
/// How the API reads: snake_case JSON of a bounded size; a key it does not know is an error, not a typing mistake that passes unseen.
/// </summary>
internal static class JsonRequests
{
    private const int MostOctets = 16 * 1024;

    private static readonly JsonSerializerOptions Json = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.SnakeCaseLower, allowIntegerValues: false) },
    };

    /// <summary>One object by itself.</summary>
    /// <exception cref="JsonException">It is not the JSON expected.</exception>
    public static T? Read<T>(string text) where T : class => JsonSerializer.Deserialize<T>(text, Json);

    /// <summary>How many the query asks for at most; null after a problem was answered.</summary>
    public static async Task<int?> LimitAsync(this HttpContext context, int usual, int most)
    {
        var query = context.Request.Query;
        if (!query.ContainsKey("limit")) return usual;
        if (int.TryParse(query["limit"], NumberStyles.None, CultureInfo.InvariantCulture, out var asked) && asked >= 1 && asked <= most) return asked;
        await context.ProblemAsync(StatusCodes.Status400BadRequest, $"limit must be 1 to {most}");
        return null;
    }

    /// <summary>The body; <paramref name="absent"/> where the request has none; null after a problem was answered.</summary>
    public static async Task<T?> ReadAsync<T>(this HttpContext context, T? absent) where T : class
    {
        if (context.Features.Get<IHttpRequestBodyDetectionFeature>() is { CanHaveBody: false } && absent is not null) return absent;
        if (context.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } size) size.MaxRequestBodySize = MostOctets;
        try
        {
            if (await JsonSerializer.DeserializeAsync<T>(context.Request.Body, Json, context.RequestAborted) is { } body) return body;
            await context.ProblemAsync(StatusCodes.Status400BadRequest, "the body must be a JSON object");
        }
        catch (JsonException error)
        {
            await context.ProblemAsync(StatusCodes.Status400BadRequest, $"the body is not the JSON expected: {error.Message}");
        }
        catch (BadHttpRequestException error)
        {
            await context.ProblemAsync(error.StatusCode, error.Message);
        }

        return null;
    }
}

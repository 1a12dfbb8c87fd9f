using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using Microsoft.AspNetCore.WebUtilities;

namespace Webcluster.Node.Http;

/// <summary>How the API answers: snake_case JSON, and problems as RFC 9457 has them.</summary>
internal static class JsonAnswers
{
    public const string ProblemType = "application/problem+json";

    /// <summary>The detail of a 404 for what this version answers nowhere.</summary>
    public const string NothingHere = "nothing is here";

    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        WriteIndented = true,
        // Never in HTML; and people read it.
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.SnakeCaseLower) },
    };

    public static Task AnswerAsync<T>(this HttpContext context, T value, int status = StatusCodes.Status200OK)
    {
        context.Response.StatusCode = status;
        context.Response.Headers.CacheControl = "no-store";
        return context.Response.WriteAsJsonAsync(value, Json, context.RequestAborted);
    }

    /// <summary>An answer as a client of this program reads it.</summary>
    public static T? Read<T>(string answer) => JsonSerializer.Deserialize<T>(answer, Json);

    /// <summary>The word that stands for an enum's member.</summary>
    public static string Word<T>(T value) where T : struct, Enum => JsonNamingPolicy.SnakeCaseLower.ConvertName(value.ToString());

    public static Task ProblemAsync(this HttpContext context, int status, string detail)
    {
        context.Response.StatusCode = status;
        var problem = new { type = "about:blank", title = ReasonPhrases.GetReasonPhrase(status), status, detail };
        return context.Response.WriteAsJsonAsync(problem, Json, ProblemType, context.RequestAborted);
    }
}

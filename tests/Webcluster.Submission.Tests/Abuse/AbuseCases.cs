using System.Text;
using System.Text.Json;
using Webcluster.TestKit;

namespace Webcluster.Submission.Tests.Abuse;

/// <summary>The server's cases of smtp/abuse_cases.json, with their octets decoded.</summary>
internal static class AbuseCases
{
    /// <summary>Cases whose octets are sent as they stand in the file, inside DATA.</summary>
    public static string[] InData { get; } =
        [.. Enumerable.Range(1, 15).Select(number => $"EOD-{number:00}"), "EOD-20", "EOD-21", "EOD-22", "EOD-23"];

    public static IReadOnlyList<AbuseCase> Load()
    {
        using var file = JsonDocument.Parse(File.ReadAllBytes(SharedData.Path("smtp/abuse_cases.json")));
        return [.. file.RootElement.GetProperty("server").EnumerateArray().Select(entry => new AbuseCase(
            entry.GetProperty("id").GetString()!, entry.GetProperty("state").GetString()!, entry.GetProperty("send").GetString()!))];
    }

    /// <summary>Takes "\r", "\n", "\xHH" out of a text; one character, one octet.</summary>
    public static string Unescape(string text)
    {
        var decoded = new StringBuilder();
        for (var at = 0; at < text.Length; at++)
        {
            if (text[at] != '\\')
            {
                decoded.Append(text[at]);
                continue;
            }

            var escape = text[++at];
            decoded.Append(escape switch
            {
                'r' => '\r',
                'n' => '\n',
                'x' => (char)Convert.ToByte(text.Substring(at + 1, 2), 16),
                _ => escape,
            });
            if (escape == 'x') at += 2;
        }

        return decoded.ToString();
    }
}

internal sealed record AbuseCase(string Id, string State, string Send)
{
    /// <summary>The octets, in segments: " | " stands between these in the file.</summary>
    public string[] Segments => [.. Send.Split(" | ").Select(AbuseCases.Unescape)];

    /// <summary>The octets that the state names in quotes, in order.</summary>
    public string[] Quoted => [.. State.Split('\'').Where((_, index) => index % 2 == 1).Select(AbuseCases.Unescape)];
}

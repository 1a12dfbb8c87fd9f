using System.Text.Json;

namespace Webcluster.TestKit.Webhooks;

/// <summary>One request to a <see cref="WebhookReceiver"/>.</summary>
public sealed record Received(IReadOnlyDictionary<string, string> Headers, string Body)
{
    /// <summary>What was answered; 0: nothing yet.</summary>
    public int Status { get; set; }

    public string Id => Headers["webhook-id"];

    /// <summary>The ids of its events.</summary>
    public IReadOnlyList<string> Events => [.. Items.Select(item => item.GetProperty("id").GetString()!)];

    /// <summary>Its events, whether it is a batch or one.</summary>
    public IReadOnlyList<JsonElement> Items
    {
        get
        {
            var body = JsonDocument.Parse(Body).RootElement;
            return body.ValueKind == JsonValueKind.Array ? [.. body.EnumerateArray()] : [body];
        }
    }
}

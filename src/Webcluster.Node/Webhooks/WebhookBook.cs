namespace Webcluster.Node.Webhooks;

/// <summary>The configured endpoints.</summary>
internal sealed class WebhookBook(IReadOnlyList<WebhookEndpoint> endpoints)
{
    public IReadOnlyList<WebhookEndpoint> Endpoints { get; } = endpoints;

    public WebhookEndpoint? Find(string? name) => Endpoints.FirstOrDefault(one => one.Name == name);
}

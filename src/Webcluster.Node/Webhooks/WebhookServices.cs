using Webcluster.Node.Webhooks.Pump;

namespace Webcluster.Node.Webhooks;

internal static class WebhookServices
{
    /// <summary>
    /// Adds the endpoints and what sends to them. Where there are any it needs an <see cref="Queue.Events.IEventLog"/>, an
    /// <see cref="Queue.Events.IFeedStore"/> and a <see cref="Queue.Sessions.NodeId"/>.
    /// </summary>
    /// <exception cref="IOException">A file cannot be read any more; the configuration was checked before.</exception>
    public static void AddWebhooks(this IServiceCollection services, IReadOnlyList<WebhookOptions> options)
    {
        services.AddSingleton(new WebhookBook([.. options.Select(WebhookEndpoint.Of)]));
        if (options.Count == 0) return;
        services.AddSingleton<WebhookMetrics>();
        services.AddSingleton<WebhookLog>();
        services.AddSingleton<WebhookStores>();
        services.AddHostedService<WebhookPump>();
    }
}

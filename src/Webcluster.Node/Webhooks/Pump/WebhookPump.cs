namespace Webcluster.Node.Webhooks.Pump;

/// <summary>One loop for each endpoint, beside each other: one that is dead keeps neither mail nor the others waiting.</summary>
internal sealed class WebhookPump(WebhookBook book, WebhookStores stores, WebhookLog log, TimeProvider time) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(stoppingToken);
        var loops = book.Endpoints.Where(endpoint => !endpoint.Disabled).Select(endpoint => RunAsync(endpoint, ending.Token)).ToList();
        if (loops.Count == 0) return;
        // They end when the node does; one that dies takes the node with it.
        await Task.WhenAny(loops);
        await ending.CancelAsync();
        await Task.WhenAll(loops);
    }

    private async Task RunAsync(WebhookEndpoint endpoint, CancellationToken stopping)
    {
        using var loop = new EndpointLoop(endpoint, stores, log, time);
        await loop.RunAsync(stopping);
    }
}

using Webcluster.Node.Webhooks;
using Webcluster.Node.Webhooks.Signing;
using Webcluster.Queue.Events;

namespace Webcluster.Node.Tests.Webhooks;

/// <summary>Events and endpoints to test with.</summary>
internal static class WebhookSamples
{
    public const string Secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";

    public static readonly DateTimeOffset At = new(2026, 11, 22, 2, 30, 0, TimeSpan.Zero);

    public static MailEvent Event(string? message, MailEventKind kind = MailEventKind.Delivered, string? tenant = "shop") => new()
    {
        Kind = kind, At = At, Message = message, Tenant = tenant, Recipient = "zoë@example.com", Reply = "250 2.0.0 Ok: \"queued\" <x>",
    };

    public static StoredEvent Stored(int number, string? message) => new($"evt-{number}", Event(message));

    public static WebhookEndpoint Endpoint(string name = "hook", string url = "http://127.0.0.1:9/", int batch = 1) => new(name, new Uri(url))
    {
        Secrets = [WebhookSecret.Parse(Secret)!],
        Batch = batch,
        // The clock of a test runs fast.
        Timeout = TimeSpan.FromMinutes(5),
        Networks = new Delivery.Hosts.NetworkPolicy([System.Net.IPNetwork.Parse("127.0.0.0/8")], []),
    };
}

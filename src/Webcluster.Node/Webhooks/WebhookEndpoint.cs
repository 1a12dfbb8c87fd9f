using System.Net;
using Webcluster.Delivery.Hosts;
using Webcluster.Node.Webhooks.Signing;
using Webcluster.Queue.Events;

namespace Webcluster.Node.Webhooks;

/// <summary>A configured endpoint, with what its files hold.</summary>
internal sealed record WebhookEndpoint(string Name, Uri Url)
{
    /// <summary>Null: of all mail, and what is of no mail.</summary>
    public string? Tenant { get; init; }

    /// <summary>None: all.</summary>
    public IReadOnlySet<MailEventKind> Kinds { get; init; } = new HashSet<MailEventKind>();

    public IReadOnlyList<WebhookSecret> Secrets { get; init; } = [];

    public int Batch { get; init; } = 1;

    public IReadOnlyList<(string Name, string Value)> Headers { get; init; } = [];

    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(15);

    public NetworkPolicy Networks { get; init; } = new([], []);

    /// <summary>By configuration.</summary>
    public bool Disabled { get; init; }

    /// <summary>What its state is called in the store.</summary>
    public string Feed => $"webhook-{Name}";

    /// <param name="options">Without problems.</param>
    /// <exception cref="IOException">A file cannot be read any more.</exception>
    public static WebhookEndpoint Of(WebhookOptions options) => new(options.Name, new Uri(options.Url))
    {
        Tenant = options.Tenant.Length > 0 ? options.Tenant : null,
        Kinds = options.Events.ToHashSet(),
        Secrets = options.ReadSecrets(),
        Batch = options.Batch,
        Headers = [.. options.Headers.Select(header => (header.Name, header.Read()))],
        Timeout = options.Timeout,
        Networks = new NetworkPolicy(options.AllowPrivate.Select(IPNetwork.Parse), []),
        Disabled = options.Disabled,
    };

    public bool Wants(MailEvent one) => (Tenant is null || one.Tenant == Tenant) && (Kinds.Count == 0 || Kinds.Contains(one.Kind));
}

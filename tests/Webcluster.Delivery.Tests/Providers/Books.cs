using Webcluster.Delivery.Providers;
using Webcluster.Delivery.Providers.Replies;
using Webcluster.Delivery.TransportSecurity;

namespace Webcluster.Delivery.Tests.Providers;

/// <summary>Provider books for tests.</summary>
internal static class Books
{
    /// <summary>Nothing is known of any provider, and nothing encrypted.</summary>
    public static ProviderBook Plain { get; } = new(ProviderSetup.Empty with { Defaults = new ProviderDefaults(Tls: TlsPolicy.None) });

    public static ProviderSetup Setup(
        CatalogueProvider[]? catalogue = null, ProviderOptions[]? providers = null, TrafficOptions[]? traffic = null) =>
        new(new ProviderCatalogue { Providers = [.. catalogue ?? []] }, providers ?? [], traffic ?? [], new ProviderDefaults());

    public static ReplyRuleOptions Rule(string name, string text, params string[] examples) =>
        new() { Name = name, Text = [text], Examples = [.. examples] };
}

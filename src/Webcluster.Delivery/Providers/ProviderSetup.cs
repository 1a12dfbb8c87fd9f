using Webcluster.Delivery.TransportSecurity;


namespace Webcluster.Delivery.Providers;

/// <summary>What a <see cref="ProviderBook"/> is made of. Valid: <see cref="ProviderLint"/> finds nothing.</summary>
public sealed record ProviderSetup(
    ProviderCatalogue Catalogue, IReadOnlyList<ProviderOptions> Providers, IReadOnlyList<TrafficOptions> Traffic, ProviderDefaults Defaults)
{
    public static ProviderSetup Empty { get; } = new(new ProviderCatalogue(), [], [], new ProviderDefaults());
}

/// <summary>What holds where nothing else is said.</summary>
/// <param name="Connections">For all sources together, unless anything limits connections.</param>
/// <param name="MessagesPerConnection">Unless anything limits them.</param>
/// <param name="Tls">The least; the catalogue may ask for more.</param>
public sealed record ProviderDefaults(int Connections = 10, int MessagesPerConnection = 100, TlsPolicy Tls = TlsPolicy.Opportunistic)
{
    // rfc5321#4.5.3.1.8: what every server must take.
    internal const int RecipientsPerTransaction = 100;
}

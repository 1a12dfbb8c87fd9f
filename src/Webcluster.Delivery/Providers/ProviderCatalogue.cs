namespace Webcluster.Delivery.Providers;

/// <summary>What is known of the large providers, shipped with the program.</summary>
public sealed class ProviderCatalogue
{
    /// <summary>The one named "default" has the rules for every provider.</summary>
    public List<CatalogueProvider> Providers { get; set; } = [];
}

/// <summary>A provider of the catalogue, with where its numbers come from.</summary>
public sealed class CatalogueProvider : ProviderOptions
{
    /// <summary>One entry for each source of knowledge; every number stands in exactly one.</summary>
    public List<Basis> Basis { get; set; } = [];
}

/// <summary>Where values of the catalogue come from.</summary>
public sealed class Basis
{
    /// <summary>The keys: "limits.connections", "per_source.messages", "tls".</summary>
    public List<string> For { get; set; } = [];

    /// <summary>The publication.</summary>
    public string From { get; set; } = "";

    /// <summary>When it was read: 2026-08-04.</summary>
    public string Date { get; set; } = "";
}

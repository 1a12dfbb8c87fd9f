using Webcluster.Queue.Traffic;

namespace Webcluster.Providers.Senders;

/// <summary>What nodes are told about limits, sources and pools. The only place of this command that knows those keys.</summary>
/// <param name="Queue">Lines of the queue section.</param>
/// <param name="Delivery">Lines of the delivery section.</param>
/// <param name="Sections">Sections of their own.</param>
internal sealed record NodeTraffic(string Queue = "", string Delivery = "", string Sections = "")
{
    /// <summary>How long mail is tried.</summary>
    public string Lifetime { get; init; } = "5d";

    /// <summary>Nothing is known of any provider.</summary>
    public static NodeTraffic Unknown { get; } = new();

    /// <summary>Limits of one domain, for the whole cluster.</summary>
    public static NodeTraffic Limited(string domain, TrafficLimits limits)
    {
        var messages = limits.Messages is { } rate ? $", messages: '{rate}'" : "";
        return new(Sections: $"traffic: [{{domain: {domain}, connections: {limits.Connections}{messages}}}]");
    }

    /// <param name="own">The sources that this node has, of the pool that all mail goes to.</param>
    public static NodeTraffic Pool(IReadOnlyList<PoolSource> own) => new(Sections:
        $"sources: [{Listed(own, source => $"{{name: '{source.Address}', address: {source.Address}}}")}]\n"
        + $"pools: [{{name: default, sources: [{Listed(own, source => $"{{name: '{source.Address}', weight: {source.Weight}}}")}]}}]");

    /// <summary>One source for all mail, which is new. Mail may wait for its budget for weeks.</summary>
    public static NodeTraffic WarmedUp(string address, string plan) => new(Sections:
        $"sources: [{{name: '{address}', address: {address}, warmup: {{plan: '{plan}'}}}}]\n"
        + $"pools: [{{name: default, sources: [{{name: '{address}'}}]}}]") { Lifetime = "30d" };

    private static string Listed(IReadOnlyList<PoolSource> sources, Func<PoolSource, string> tell) => string.Join(", ", sources.Select(tell));
}

/// <param name="Address">Its loopback address, which is its name too.</param>
internal sealed record PoolSource(string Address, int Weight);

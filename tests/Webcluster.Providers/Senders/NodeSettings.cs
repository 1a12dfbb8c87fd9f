using Webcluster.Providers.Server;

namespace Webcluster.Providers.Senders;

/// <summary>What a node of these runs is configured with.</summary>
/// <param name="Redis">Its address. Null: a queue of its own.</param>
internal sealed record NodeSettings(ProviderWorld World, NodeTraffic Traffic, string? Redis)
{
    public string Write(string name, int submission, int http) => $"""
        node:
          name: {name}
          state_folder: state
        log:
          level: warning
        http:
          listen: 127.0.0.1:{http}
        submission:
          message_lifetime: {Traffic.Lifetime}
          listeners:
            - address: 127.0.0.1:{submission}
              tls: none
              trusted: [127.0.0.0/8]
        dns:
          servers: ['{World.Dns.Address}']
        delivery:
          port: {World.Port}
          allowed_networks: [127.0.0.0/8]
          {Traffic.Delivery}
        queue:
          messages_per_connection: 100
          {Traffic.Queue}
          {(Redis is null ? "" : $"redis: {{ servers: ['{Redis}'] }}")}
        {Traffic.Sections}
        """;
}

using System.Net;

namespace Webcluster.Chaos.Cluster;

/// <summary>What a node stands on: its network, the store, the way to the sinks.</summary>
internal sealed record NodeHome(TemporaryFolder Folder, IClusterStore Store, string Routes)
{
    public NetworkIsolation? Isolation { get; init; }

    public IPAddress Address => Isolation?.NodeAddress ?? IPAddress.Loopback;

    public string Configuration(ClusterNode node) => $"""
        node:
          name: {node.Name}
          state_folder: state
          drain_delay: 2s
        log:
          format: json
        http:
          listen: {Address}:{node.Address.Http}
        agent_check:
          listen: {Address}:{node.Address.Agent}
        submission:
          listeners:
            - address: {Address}:{node.Address.Submission}
              tls: none
              trusted: [127.0.0.0/8]
              proxy_protocol: required
              proxy_protocol_from: [127.0.0.0/8, {NetworkIsolation.Network}]
        delivery:
          retry:
            first: 500ms
            longest: 2s
            site_pause: 200ms
        queue:
        {Store.QueueSection(node)}
        {Routes}
        """;
}

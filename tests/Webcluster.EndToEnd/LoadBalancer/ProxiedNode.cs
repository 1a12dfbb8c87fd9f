using System.Net;
using Webcluster.EndToEnd.Harness;

namespace Webcluster.EndToEnd.LoadBalancer;

/// <summary>A node as it stands behind a load balancer: listeners that require the PROXY protocol, agent-check, a queue of its
/// own.</summary>
internal sealed class ProxiedNode : IAsyncDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly NodeSettings _settings;
    private NodeProcess? _node;

    public ProxiedNode(string name, int sinkPort) => _settings = new NodeSettings(_folder)
    {
        Name = name,
        DrainDelay = "3s",
        RouteTo = sinkPort,
        ListenersMore = $$"""
                - {address: "127.0.0.1:{{Port}}", proxy_protocol: required, proxy_protocol_from: [127.0.0.0/8]}
                - {address: "127.0.0.1:{{ImplicitPort}}", tls: implicit, proxy_protocol: required, proxy_protocol_from: [127.0.0.0/8]}
            """,
        More = $"agent_check:\n  listen: 127.0.0.1:{AgentPort}",
    };

    public int Port { get; } = Ports.Free();

    public int ImplicitPort { get; } = Ports.Free();

    public int AgentPort { get; } = Ports.Free();

    public int HttpPort => _settings.HttpPort;

    public ProxiedAddress Address => new(IPAddress.Loopback, Port, ImplicitPort, HttpPort, AgentPort);

    public string TokenFile => _folder.PathOf("node/state/admin-token");

    public NodeProcess Node => _node!;

    public async Task StartAsync() => _node = await NodeProcess.StartAsync(_settings);

    /// <summary>`webcluster node ...` on this node's machine.</summary>
    public Task<Ran> CommandAsync(params string[] arguments) =>
        NodeProcess.RunAsync(["node", .. arguments, "--config", _folder.PathOf("node/webcluster.yaml")]);

    public async ValueTask DisposeAsync()
    {
        if (_node is not null) await _node.DisposeAsync();
        _folder.Dispose();
    }
}

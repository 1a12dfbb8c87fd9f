using Webcluster.EndToEnd.Harness;
using Webcluster.TestKit.Redis;

namespace Webcluster.EndToEnd.Rules;

/// <summary>One of several nodes that share a queue in Redis, with a way in for a second tenant, and its operator.</summary>
internal sealed class SharingNode : IAsyncDisposable
{
    private readonly TemporaryFolder _folder;

    private SharingNode(TemporaryFolder folder, NodeProcess node, int otherTenantPort)
    {
        (_folder, Node, OtherTenantPort) = (folder, node, otherTenantPort);
        Rules = new RulesClient(node.Settings, folder);
    }

    public NodeProcess Node { get; }

    public RulesClient Rules { get; }

    /// <summary>Mail of the tenant "default".</summary>
    public int TrustedPort => Node.Settings.TrustedPort;

    /// <summary>Mail of the tenant "other".</summary>
    public int OtherTenantPort { get; }

    public static async Task<SharingNode> StartAsync(string name, RedisDaemon redis, SmtpSink sink)
    {
        var (folder, port) = (new TemporaryFolder(), Ports.Free());
        var settings = new NodeSettings(folder)
        {
            Name = name,
            ListenersMore = $$"""
                    - {address: "127.0.0.1:{{port}}", tls: none, trusted: [127.0.0.0/8], trusted_tenant: other}
                """,
            QueueMore = $"redis:\n    servers: ['{redis.Address}']",
            More = $"""
                routes:
                  - match: sink.example
                    hosts: ['127.0.0.1:{sink.Port}']
                    tls: none
                """,
        };
        return new SharingNode(folder, await NodeProcess.StartAsync(settings), port);
    }

    public async ValueTask DisposeAsync()
    {
        Rules.Dispose();
        await Node.DisposeAsync();
        _folder.Dispose();
    }
}

using System.Net;
using Webcluster.Providers.Server;

namespace Webcluster.Providers.Senders;

/// <summary>
/// The real Postfix. It asks no DNS server but the system's, so a transport map names each domain's hosts; domains of one provider have the
/// same next hop there, which gives Postfix the roll-up that it does not have by itself.
/// </summary>
internal sealed class PostfixSender : ISender
{
    private readonly PostfixDaemon _daemon;

    private PostfixSender(PostfixDaemon daemon) => _daemon = daemon;

    public IPEndPoint Submission => new(IPAddress.Loopback, _daemon.Port);

    public string Output => $"{_daemon.Queued()} messages in Postfix's queue";

    /// <param name="isTuned">With the providers' limits as far as Postfix can hold them: a transport for each with its connections and
    /// its rate.</param>
    public static async Task<PostfixSender> StartAsync(TemporaryFolder folder, ProviderWorld world, bool isTuned)
    {
        var name = isTuned ? "postfix-tuned" : "postfix-stock";
        var providers = world.Providers.Append(world.Reports).ToList();
        var map = providers.SelectMany(provider => provider.Profile.Domains
            .Select(domain => $"{domain} {TransportOf(provider, isTuned)}:{NextHop(provider)}"));
        var file = folder.Write($"{name}/transport", string.Join('\n', map) + "\n");
        var limits = isTuned ? string.Join('\n', providers.Select(provider => LimitsOf(provider))) : "";
        var services = isTuned ? string.Join('\n', providers.Select(ServiceOf)) : "";
        return new PostfixSender(await PostfixDaemon.StartAsync(folder, name, $"""
            myhostname = postfix.sender.example
            mynetworks = 127.0.0.0/8
            smtpd_relay_restrictions = permit_mynetworks, reject
            transport_maps = texthash:{file}
            {limits}
            """, services, world.Time));
    }

    public ValueTask DisposeAsync() => _daemon.DisposeAsync();

    private static string TransportOf(HostedProvider provider, bool isTuned) => isTuned ? "to" + provider.Profile.Name : "smtp";

    private static string NextHop(HostedProvider provider) =>
        string.Join(", ", provider.Hosts.Select(host => $"[{host.Address}]:{host.Port}"));

    private static string LimitsOf(HostedProvider provider)
    {
        var name = TransportOf(provider, isTuned: true);
        var lines = new List<string>();
        if (provider.Profile.Limits.Connections is { } connections) lines.Add($"{name}_destination_concurrency_limit = {connections}");
        // Postfix counts the time between two mails in whole seconds.
        if (provider.Profile.BestRate is { } best)
            lines.Add($"{name}_destination_rate_delay = {Math.Ceiling(60 / best):0}s");
        return string.Join('\n', lines);
    }

    private static string ServiceOf(HostedProvider provider)
    {
        var messages = provider.Profile.Limits.MessagesPerConnection;
        var limit = messages is null ? "" : $" -o smtp_connection_reuse_count_limit={messages}";
        return $"{TransportOf(provider, isTuned: true)} unix - - n - - smtp -o smtp_connection_cache_on_demand=yes{limit}";
    }
}

using Webcluster.Providers.Mix;
using Webcluster.Providers.Server;

namespace Webcluster.Providers;

/// <summary>The providers alone, with a line every ten seconds about each that has seen anything.</summary>
internal static class ServeCommand
{
    private static readonly TimeSpan BetweenWords = TimeSpan.FromSeconds(10);

    public static async Task<int> RunAsync(double speed, bool realNames, TextWriter output, CancellationToken cancellation)
    {
        await using var world = ProviderWorld.Start(ProviderMix.Named(realNames), speed);
        output.WriteLine($"""
            For a node:
              dns: {'{'} servers: ['{world.Dns.Address}'] {'}'}
              delivery: {'{'} port: {world.Port}, allowed_networks: [127.0.0.0/8] {'}'}
            """);
        foreach (var provider in world.Providers)
        {
            var domains = string.Join(", ", provider.Profile.Domains);
            output.WriteLine($"{provider.Profile.Name,-10}{domains,-28}{string.Join(", ", provider.Hosts)}");
        }

        try
        {
            while (true)
            {
                await Task.Delay(BetweenWords, cancellation);
                foreach (var (name, record) in world.Providers.Select(provider => (provider.Profile.Name, provider.Record)))
                    if (record.MostConnections > 0)
                        output.WriteLine($"{name,-10}taken {record.Taken}, refused {record.Refused}, "
                            + $"most open {record.MostConnections}, blocks {record.Blocks.Count}");
            }
        }
        catch (OperationCanceledException)
        {
            return 0;
        }
    }
}

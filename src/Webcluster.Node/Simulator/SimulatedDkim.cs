using Webcluster.Protocol.Dkim;

namespace Webcluster.Node.Simulator;

/// <summary>Verifies what the simulator took against the node's own keys, as if each of them were published.</summary>
internal sealed class SimulatedDkim(IEnumerable<DkimKey> keys, TimeProvider time)
{
    private readonly Dictionary<string, string[]> _records =
        keys.ToDictionary(
            key => $"{key.Selector}._domainkey.{key.Domain}", key => new[] { key.DnsRecord }, StringComparer.OrdinalIgnoreCase);

    /// <summary>"pass example.com/rsa" for each signature; empty where there is none.</summary>
    public async ValueTask<IReadOnlyList<string>> VerifyAsync(SimulatedMessage message, CancellationToken cancellation)
    {
        var results = await DkimVerifier.VerifyAsync(message.Content, LookUp, time.GetUtcNow(), cancellation);
        return [.. results.Select(result => $"{result.Status.ToString().ToLowerInvariant()} {result.Domain}/{result.Selector}")];
    }

    private ValueTask<IReadOnlyList<string>?> LookUp(string name, CancellationToken cancellation) =>
        ValueTask.FromResult<IReadOnlyList<string>?>(_records.GetValueOrDefault(name) ?? []);
}

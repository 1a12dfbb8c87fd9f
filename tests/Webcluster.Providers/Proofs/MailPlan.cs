using Webcluster.Providers.Model;
using Webcluster.Providers.Server;

namespace Webcluster.Providers.Proofs;

/// <summary>
/// Which batch of the load goes where: each provider gets mail in proportion to the best rate that it accepts, evenly mixed over time and
/// over its domains, so that all are busy equally long. One batch in fifty goes to mailboxes that do not exist.
/// </summary>
internal sealed class MailPlan
{
    private const int UnknownEvery = 50;

    private readonly List<string> _domains = [];

    public MailPlan(IReadOnlyList<HostedProvider> providers, int batches)
    {
        var given = new int[providers.Count];
        var weights = providers.Select(provider => provider.Profile.BestRate ?? 1).ToList();
        for (var batch = 0; batch < batches; batch++)
        {
            var next = Enumerable.Range(0, providers.Count).MinBy(i => (given[i] + 1) / weights[i]);
            var domains = providers[next].Profile.Domains;
            _domains.Add(domains[given[next]++ % domains.Count]);
        }
    }

    /// <param name="batch">From 1.</param>
    public string RecipientOf(int batch) =>
        $"{(batch % UnknownEvery == UnknownEvery / 2 ? UnknownUsers.LocalPart : "box")}-b{batch}@{_domains[(batch - 1) % _domains.Count]}";
}

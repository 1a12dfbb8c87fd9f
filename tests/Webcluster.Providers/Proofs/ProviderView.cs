using Webcluster.Providers.Model;
using Webcluster.Providers.Server;

namespace Webcluster.Providers.Proofs;

/// <summary>One provider's part in the reckoning.</summary>
internal sealed class ProviderView
{
    private readonly HostedProvider _provider;
    private readonly List<DateTimeOffset> _arrivals;

    /// <param name="mails">Those for it that can be delivered.</param>
    public ProviderView(HostedProvider provider, int mails)
    {
        _provider = provider;
        Mails = mails;
        Attempts = provider.Record.Attempts;
        var taken = Attempts.Where(attempt => attempt.Refusal is null).ToList();
        var byRecipient = taken.GroupBy(attempt => attempt.Recipient, StringComparer.OrdinalIgnoreCase);
        _arrivals = [.. byRecipient.Select(group => group.Min(attempt => attempt.At)).Order()];
        Twice = taken.Count - _arrivals.Count;
    }

    public string Name => _provider.Profile.Name;

    public int Mails { get; }

    public IReadOnlyList<Attempt> Attempts { get; }

    public IReadOnlyList<DateTimeOffset> FirstArrivals => _arrivals;

    public int Taken => _arrivals.Count;

    public int Twice { get; }

    /// <summary>Mails a minute.</summary>
    public double Best => _provider.Profile.BestRate ?? double.PositiveInfinity;

    public int MostOpen => _provider.Record.MostConnections;

    public int Blocks => _provider.Record.Blocks.Count;

    /// <summary>Blocks of a source for what it had been blocked for before.</summary>
    public int BlocksRepeated => _provider.Record.Blocks.GroupBy(block => (block.Source, block.Cause)).Sum(group => group.Count() - 1);

    public double RefusedShare(DateTimeOffset from)
    {
        var attempts = Attempts.Where(attempt => attempt.At >= from).ToList();
        return attempts.Count == 0 ? 0 : (double)attempts.Count(attempt => attempt.IsTooFast) / attempts.Count;
    }

    /// <summary>
    /// Mails taken in a time, and those that could have been: at the best rate, as far as there was mail left. More than could have been,
    /// out of the provider's burst, does not count, so that no provider makes up for another one.
    /// </summary>
    public (double Taken, double Expected) Between(DateTimeOffset began, TimeSpan from, TimeSpan to)
    {
        var left = Mails - _arrivals.Count(arrival => arrival < began + from);
        var expected = Math.Min(left, Best * (to - from).TotalMinutes);
        return (Math.Min(expected, _arrivals.Count(arrival => arrival >= began + from && arrival < began + to)), expected);
    }
}

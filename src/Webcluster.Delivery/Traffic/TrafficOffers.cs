using System.Collections.Concurrent;
using System.Net.Sockets;
using System.Runtime.CompilerServices;
using Webcluster.Delivery.Availability;
using Webcluster.Delivery.Pools;
using Webcluster.Delivery.Providers;
using Webcluster.Delivery.Sources;
using Webcluster.Queue.Lanes;
using Webcluster.Queue.Traffic;

namespace Webcluster.Delivery.Traffic;

/// <summary>
/// What claims of a lane may use: the sources of its pool that this node can use now, and what the provider may get. Made once for each
/// policy and set of usable sources, so that the queue need not look at the same offer twice.
/// </summary>
internal sealed class TrafficOffers(ProviderBook providers, SourceBook sources, TimeProvider time)
{
    // A few for each policy of the configuration; the sets of usable sources change when sources come and go.
    private const int Most = 10_000;

    // More than anybody opens or sends.
    private const int Plenty = 1_000_000;

    private readonly ConcurrentDictionary<Parts, TrafficOffer> _offers = new();
    private readonly LaneMemory<int> _recipients = new(time);
    private readonly LaneMemory<AddressFamily> _families = new(time);

    /// <returns>Null where the lane needs no connection.</returns>
    public TrafficOffer? For(LaneKey lane)
    {
        if (lane == LaneKey.Bounces) return null;
        var parts = new Parts(providers.PolicyOf(lane), sources.UsableOf(lane.Pool), _families.Find(lane));
        if (_offers.TryGetValue(parts, out var known)) return known;
        if (_offers.Count >= Most) _offers.Clear();
        return _offers.GetOrAdd(parts, Make(lane, parts));
    }

    public int RecipientsPerTransaction(LaneKey lane)
    {
        var most = providers.PolicyOf(lane).RecipientsPerTransaction;
        return _recipients.Find(lane) is { } shown && shown < most ? shown : most;
    }

    /// <summary>A server ended the connection over the number of recipients: the next transactions have no more than these.</summary>
    /// <param name="isSaid">Else it may be chance.</param>
    /// <returns>For how long.</returns>
    public TimeSpan TookOnly(LaneKey lane, int most, bool isSaid) => _recipients.Put(lane, most, isSaid);

    /// <summary>
    /// The lane's hosts have no address of a family that the source has: sources like it are not offered, where others are usable.
    /// </summary>
    /// <returns>Whether one of these others can be offered now.</returns>
    public bool OutOfReach(LaneKey lane, Source source)
    {
        var family = source.Reaches(AddressFamily.InterNetwork) ? AddressFamily.InterNetworkV6 : AddressFamily.InterNetwork;
        _families.Put(lane, family, isSure: true);
        return sources.UsableOf(lane.Pool).Any(entry => entry.Source.Reaches(family));
    }

    private TrafficOffer Make(LaneKey lane, Parts parts) =>
        new([.. parts.Reaching().Select(entry => Offer(lane, entry))], InAll(parts.Policy.Provider));

    // What a policy does not limit in all, it limits for each source. The queue must not take its own numbers for it.
    private static TrafficLimits InAll(TrafficLimits limits) => limits with
    {
        Connections = limits.Connections ?? Plenty, MessagesPerConnection = limits.MessagesPerConnection ?? Plenty,
    };

    private SourceOffer Offer(LaneKey lane, PoolSource entry) => new(
        entry.Source.Name, entry.Weight, providers.PolicyOf(lane, entry.Source.Name).Source,
        entry.Source.Warmup is { } warmup ? WarmupPlans.Find(warmup.Plan) : null);

    /// <summary>What an offer is made of; the same objects make the same offer.</summary>
    /// <param name="Family">The one that the lane's hosts have addresses of; null: both, or nobody knows.</param>
    private readonly record struct Parts(ProviderPolicy Policy, IReadOnlyList<PoolSource> Usable, AddressFamily? Family)
    {
        /// <summary>All where none does: that is found out again then, and is the site's trouble.</summary>
        public IReadOnlyList<PoolSource> Reaching() =>
            Family is { } family && Usable.Where(entry => entry.Source.Reaches(family)).ToList() is { Count: > 0 } some ? some : Usable;

        public bool Equals(Parts other) =>
            ReferenceEquals(Policy, other.Policy) && ReferenceEquals(Usable, other.Usable) && Family == other.Family;

        public override int GetHashCode() =>
            HashCode.Combine(RuntimeHelpers.GetHashCode(Policy), RuntimeHelpers.GetHashCode(Usable), Family);
    }
}

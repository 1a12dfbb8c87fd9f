using Webcluster.Queue.Traffic;

namespace Webcluster.Queue.Embedded.Traffic;

/// <summary>What one claim may take from a provider through a source.</summary>
internal sealed class TrafficShare(ProviderTraffic provider, SourceTraffic source, TrafficOffer offer, SourceOffer own, Turn turn)
{
    public SourceTraffic Source => source;

    /// <summary>As far as the source's limits and what was learned of it go.</summary>
    public int? MessagesPerConnection => source.MessagesPerConnection(own, turn.Now);

    /// <summary>The session is opened.</summary>
    public void Connect()
    {
        provider.Connect(offer.Limits, turn.Now);
        source.Connect(own.Limits, turn.Now);
    }

    /// <summary>Whether the claim may go on with this delivery.</summary>
    public bool MayFollow(bool isFirstAttempt)
    {
        var next = turn with { IsFirstAttempt = isFirstAttempt };
        return provider.MayFollow(offer.Limits, next) && source.MayFollow(own.Limits, next);
    }

    public void Charge(int octets, bool isFirstAttempt)
    {
        var taken = turn with { IsFirstAttempt = isFirstAttempt };
        provider.Charge(offer.Limits, octets, taken);
        source.Charge(own, octets, taken);
    }

    /// <summary>So many it was in the end.</summary>
    public void Count(int messages)
    {
        source.Count(own, messages, turn.Now);
        provider.Count(offer, own, messages, turn);
    }
}

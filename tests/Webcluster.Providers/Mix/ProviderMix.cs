using Webcluster.Providers.Model;
using Webcluster.Queue.Traffic;
using static Webcluster.Providers.Model.RefusalKind;

namespace Webcluster.Providers.Mix;

/// <summary>
/// Providers that behave like real ones towards a sender they know little of. The words are theirs; the numbers are this project's, because
/// real ones are secret and move: about one hundred and thirty mails a minute in all, so that ten thousand mails keep every one of them
/// busy for more than an hour.
/// </summary>
internal static class ProviderMix
{
    private static IReadOnlyList<ProviderProfile> All { get; } =
    [
        LargeProviders.Google, LargeProviders.Yahoo, LargeProviders.Outlook,
        SmallProviders.Gmx, SmallProviders.Apple, SmallProviders.Orange, Grey, Slow,
    ];

    /// <param name="real">Else the hosts get a suffix that no catalogue knows, so that nothing of what is published about a provider
    /// applies.</param>
    public static IEnumerable<ProviderProfile> Named(bool real) =>
        real ? All : All.Select(profile => profile with { Hosts = [.. profile.Hosts.Select(host => host + ".example")] });

    private static ProviderProfile Grey => new()
    {
        Name = "grey", Domains = ["grey.example"], Hosts = ["mx1.grey.example", "mx2.grey.example"], DeadHosts = 1,
        Limits = new TrafficLimits { Connections = 3, Messages = PerMinute(4) },
        Reputation = new ReputationRules(Cost: 1, MostPerMinute: 20, RecoversPerMinute: 0.5, TimeSpan.FromMinutes(30)),
        Greylisting = TimeSpan.FromMinutes(5),
        Replies = new Dictionary<RefusalKind, ProviderReply>
        {
            [Greylisted] = new(450,
                "4.2.0 <{rcpt}>: Recipient address rejected: Greylisted, see http://postgrey.schweikert.ch/help/grey.example.html"),
            [TooManyConnections] = new(421, "4.7.0 mx2.grey.example Error: too many connections from {ip}"),
            [TooManyMessages] = new(450, "4.7.1 Error: too much mail from {ip}"),
            [Blocked] = new(554, "5.7.1 Client host [{ip}] blocked for an hour: too many errors"),
            [UnknownUser] = new(550, "5.1.1 <{rcpt}>: Recipient address rejected: User unknown in virtual mailbox table"),
        },
    };

    /// <summary>Limited by nothing but two connections and its own slowness.</summary>
    private static ProviderProfile Slow => new()
    {
        Name = "slow", Domains = ["slow.example"], Hosts = ["mx.slow.example"], Slowness = TimeSpan.FromSeconds(30),
        Limits = new TrafficLimits { Connections = 2 },
        Reputation = new ReputationRules(Cost: 1, MostPerMinute: 20, RecoversPerMinute: 0.5, TimeSpan.FromMinutes(30)), OffersTls = false,
        Replies = new Dictionary<RefusalKind, ProviderReply>
        {
            [TooManyConnections] = new(421, "4.3.2 Too many open connections, please try again later"),
            [Blocked] = new(421, "4.7.1 {ip} temporarily blocked, too many connections"),
            [UnknownUser] = new(550, "5.1.1 <{rcpt}> recipient unknown"),
        },
    };

    /// <summary>A bucket that holds a minute's worth: senders may hurry as long as the minute comes out right.</summary>
    public static Rate PerMinute(int amount) => new(amount, TimeSpan.FromMinutes(1), amount);
}

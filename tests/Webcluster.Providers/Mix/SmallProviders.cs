using Webcluster.Providers.Model;
using Webcluster.Queue.Traffic;
using static Webcluster.Providers.Model.RefusalKind;

namespace Webcluster.Providers.Mix;

internal static class SmallProviders
{
    public static ProviderProfile Gmx { get; } = new()
    {
        Name = "gmx", Domains = ["gmx.net", "gmx.de"], Hosts = ["mx00.gmx.net", "mx01.gmx.net"],
        Limits = new TrafficLimits { Connections = 4, MessagesPerConnection = 20, Messages = ProviderMix.PerMinute(10) },
        Reputation = new ReputationRules(Cost: 1, MostPerMinute: 20, RecoversPerMinute: 0.5, TimeSpan.FromMinutes(60)),
        Replies = new Dictionary<RefusalKind, ProviderReply>
        {
            [TooManyConnections] = new(421,
                "gmx.net (mxgmx006) Nemesis ESMTP Service not available", "Too many connections from {ip}, closing transmission channel"),
            [TooManyMessages] = new(421,
                "gmx.net (mxgmx006) Nemesis ESMTP Service not available", "Service unavailable", "Reject due to policy restrictions",
                "Please try again later. Too many messages have been received in a short period of time.",
                "Please try again in a few hours and reduce the sending rate."),
            [TooManyOnConnection] = new(421,
                "gmx.net (mxgmx006) Nemesis ESMTP Service closing transmission channel", "Too many messages on this connection"),
            [Blocked] = new(554,
                "gmx.net (mxgmx006) Nemesis ESMTP Service not available", "No SMTP service", "IP address is block listed.",
                "For explanation visit https://postmaster.gmx.net/de/case?c=bl&i=ip&v={ip}"),
            [UnknownUser] = new(550, "Requested action not taken: mailbox unavailable"),
        },
    };

    public static ProviderProfile Apple { get; } = new()
    {
        Name = "apple", Domains = ["icloud.com", "me.com"], Hosts = ["mx01.mail.icloud.com", "mx02.mail.icloud.com"],
        Limits = new TrafficLimits { Connections = 10, MessagesPerConnection = 5, Messages = ProviderMix.PerMinute(8) },
        Reputation = new ReputationRules(Cost: 1, MostPerMinute: 20, RecoversPerMinute: 0.5, TimeSpan.FromMinutes(30)),
        Replies = new Dictionary<RefusalKind, ProviderReply>
        {
            [TooManyConnections] = new(421, "4.7.1 Too many concurrent connections from {ip}, try again later"),
            [TooManyMessages] = new(421,
                "4.7.1 Messages to icloud.com deferred due to excessive volume. Try again later - "
                + "https://support.apple.com/en-us/HT204137"),
            [TooManyOnConnection] = new(421, "4.7.0 Too many messages in this session, closing transmission channel"),
            [Blocked] = new(554, "5.7.0 Blocked - see https://support.proofpoint.com/dnsbl-lookup.cgi?ip={ip}"),
            [UnknownUser] = new(550, "5.1.1 unknown or illegal alias: {rcpt}"),
        },
    };

    public static ProviderProfile Orange { get; } = new()
    {
        Name = "orange", Domains = ["orange.fr", "wanadoo.fr"], Hosts = ["smtp-in.orange.fr"],
        Limits = new TrafficLimits { Connections = 2, MessagesPerConnection = 100, Messages = ProviderMix.PerMinute(8) },
        Reputation = new ReputationRules(Cost: 1, MostPerMinute: 20, RecoversPerMinute: 0.5, TimeSpan.FromMinutes(60)),
        Replies = new Dictionary<RefusalKind, ProviderReply>
        {
            [TooManyConnections] = new(421,
                "mwinf5c04 ME Trop de connexions, veuillez verifier votre configuration. "
                + "Too many connections, slow down. OFR004_104 [104]"),
            [TooManyMessages] = new(421,
                "4.2.0 Service refuse. Veuillez essayer plus tard. Service refused, please try later. OFR005_505 [505]"),
            [TooManyOnConnection] = new(421,
                "mwinf5c04 ME Service refuse. Veuillez essayer plus tard. Service refused, please try later. OFR999_999 [999]"),
            [Blocked] = new(550,
                "mwinf5c04 ME Adresse IP source bloquee pour incident de spam. "
                + "Client host blocked for spamming issues. OFR006_102 Ref http://csi.cloudmark.com/reset-request/?ip={ip} [102]"),
            [UnknownUser] = new(550, "5.1.1 Adresse d au moins un destinataire invalide. Invalid recipient. OFR_416 [416]"),
        },
    };
}

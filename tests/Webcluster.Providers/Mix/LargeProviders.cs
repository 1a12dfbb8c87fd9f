using Webcluster.Providers.Model;
using Webcluster.Queue.Traffic;
using static Webcluster.Providers.Model.RefusalKind;

namespace Webcluster.Providers.Mix;

internal static class LargeProviders
{
    public static ProviderProfile Google { get; } = new()
    {
        Name = "google", Domains = ["gmail.com", "googlemail.com"],
        Hosts = ["gmail-smtp-in.l.google.com", "alt1.gmail-smtp-in.l.google.com", "alt2.gmail-smtp-in.l.google.com"],
        Limits = new TrafficLimits { Connections = 5, MessagesPerConnection = 50, Messages = ProviderMix.PerMinute(50) },
        Reputation = new ReputationRules(Cost: 1, MostPerMinute: 20, RecoversPerMinute: 2, TimeSpan.FromMinutes(30)),
        Replies = new Dictionary<RefusalKind, ProviderReply>
        {
            [TooManyConnections] = new(421, "4.7.0 Try again later, closing connection. (EHLO) 39si2626666ywh.98 - gsmtp"),
            [TooManyMessages] = new(421,
                "4.7.28 [{ip}] Our system has detected an unusual rate of",
                "4.7.28 unsolicited mail originating from your IP address. To protect our",
                "4.7.28 users from spam, mail sent from your IP address has been temporarily", "4.7.28 rate limited. Please visit",
                "4.7.28 https://support.google.com/mail/?p=UnsolicitedRateLimitError to",
                "4.7.28 review our Bulk Email Senders Guidelines. 39si2626666ywh.98 - gsmtp"),
            [TooManyOnConnection] = new(421, "4.7.0 Too many messages on this connection, closing connection. 39si2626666ywh.98 - gsmtp"),
            [Blocked] = new(421,
                "4.7.0 [{ip}] Our system has detected an unusual amount of",
                "4.7.0 unsolicited mail originating from your IP address. To protect our",
                "4.7.0 users from spam, mail sent from your IP address has been temporarily",
                "4.7.0 blocked. Please visit http://www.google.com/mail/help/bulk_mail.html",
                "4.7.0 to review our Bulk Email Senders Guidelines. 39si2626666ywh.98"),
            [UnknownUser] = new(550,
                "5.1.1 The email account that you tried to reach does not exist. Please try",
                "5.1.1 double-checking the recipient's email address for typos or",
                "5.1.1 unnecessary spaces. 39si2626666ywh.98 - gsmtp"),
        },
    };

    public static ProviderProfile Yahoo { get; } = new()
    {
        Name = "yahoo", Domains = ["yahoo.com", "aol.com"], Hosts = ["mta5.am0.yahoodns.net", "mta6.am0.yahoodns.net"],
        Limits = new TrafficLimits
        {
            Connections = 10, MessagesPerConnection = 20, Messages = ProviderMix.PerMinute(25), ConnectionRate = ProviderMix.PerMinute(20),
        },
        Reputation = new ReputationRules(Cost: 1, MostPerMinute: 20, RecoversPerMinute: 1, TimeSpan.FromMinutes(60)),
        Replies = new Dictionary<RefusalKind, ProviderReply>
        {
            [TooManyConnections] = new(451, "mta5.am0.yahoodns.net Resources temporarily unavailable. Please try again later [#4.16.1]."),
            [ConnectionsTooOften] = new(421,
                "Message from {ip} temporarily deferred - 4.16.50. Please refer to http://help.yahoo.com/help/us/mail/defer/defer-06.html"),
            [TooManyMessages] = new(421,
                "4.7.0 [TSS04] Messages from {ip} temporarily deferred due to unexpected volume or user complaints - 4.16.55.1; "
                + "see https://postmaster.yahooinc.com/error-codes"),
            [TooManyOnConnection] = new(421, "Max message per connection reached, closing transmission channel"),
            [Blocked] = new(421,
                "4.7.0 [IPTS04] Messages from {ip} temporarily deferred due to user complaints - {ip}; "
                + "see https://postmaster.yahooinc.com/error-codes"),
            [UnknownUser] = new(550, "5.1.1 <{rcpt}>: user unknown"),
        },
    };

    public static ProviderProfile Outlook { get; } = new()
    {
        Name = "outlook", Domains = ["outlook.com", "hotmail.com"], Hosts = ["outlook-com.olc.protection.outlook.com"],
        Limits = new TrafficLimits { Connections = 5, MessagesPerConnection = 50, Messages = ProviderMix.PerMinute(25) },
        Reputation = new ReputationRules(Cost: 1, MostPerMinute: 20, RecoversPerMinute: 1, TimeSpan.FromMinutes(60)),
        Replies = new Dictionary<RefusalKind, ProviderReply>
        {
            [TooManyConnections] = new(451,
                "4.7.652 The mail server [{ip}] has exceeded the maximum number of connections. (S3115) "
                + "[abc.def.prod.protection.outlook.com]"),
            [TooManyMessages] = new(451,
                "4.7.500 Server busy. Please try again later from [{ip}]. (S77719) [abc.def.prod.protection.outlook.com]"),
            [TooManyOnConnection] = new(421, "4.4.1 Message submission rate for this client has exceeded the configured limit"),
            [Blocked] = new(550,
                "5.7.1 Unfortunately, messages from [{ip}] weren't sent. Please contact your Internet service provider since "
                + "part of their network is on our block list (S3140). You can also refer your provider to "
                + "http://mail.live.com/mail/troubleshooting.aspx#errors. [abc.def.prod.protection.outlook.com]"),
            [UnknownUser] = new(550,
                "5.5.0 Requested action not taken: mailbox unavailable (S2017062302). [abc.def.prod.protection.outlook.com]"),
        },
    };
}

using Webcluster.Protocol.Addresses;

namespace Webcluster.Delivery.TransportSecurity.TlsReporting;

/// <summary>
/// Daily reports to domains that ask how TLS with them went (TLS-RPT, RFC 8460). Off until all three of organisation, contact and from are
/// given: a report speaks in the operator's name.
/// </summary>
public sealed class TlsReportOptions
{
    /// <summary>Who sends the reports, as their receivers read it: "Example Inc.". Default none.</summary>
    public string Organisation { get; set; } = "";

    /// <summary>How to reach you about a report: a mail address. Default none.</summary>
    public string Contact { get; set; } = "";

    /// <summary>Address that reports are mailed from; its domain signs them, so it should have a key under dkim. Default none.</summary>
    public string From { get; set; } = "";

    /// <summary>How long after the end of the day (UTC) they are sent. Default 1h, so that not all the world reports at midnight.</summary>
    public TimeSpan Delay { get; set; } = TimeSpan.FromHours(1);

    internal bool IsEnabled => From.Length > 0;

    public IEnumerable<(string Key, string Problem)> Problems()
    {
        var given = new[] { Organisation, Contact, From }.Count(value => value.Length > 0);
        var missing = From.Length == 0 ? "from" : Contact.Length == 0 ? "contact" : "organisation";
        if (given is > 0 and < 3) yield return (missing, "is needed with the others");
        if (From.Length > 0 && !Mailbox.TryParse(From, out _)) yield return ("from", $"'{From}' is no mail address");
        if (Delay < TimeSpan.Zero || Delay > TimeSpan.FromHours(12)) yield return ("delay", "must be 0s to 12h");
    }
}

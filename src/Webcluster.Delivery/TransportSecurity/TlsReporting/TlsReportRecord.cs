using System.Text;
using Webcluster.Protocol.Addresses;

namespace Webcluster.Delivery.TransportSecurity.TlsReporting;

/// <summary>Reads the TXT record that says where a domain wants its reports (RFC 8460 §3): "v=TLSRPTv1;
/// rua=mailto:tls@example.com".</summary>
internal static class TlsReportRecord
{
    private const string Version = "v=TLSRPTv1";
    private const string MailTo = "mailto:";
    private const int MostTargets = 5;

    /// <returns>Empty where no report is wanted, or not exactly one record says so.</returns>
    public static IReadOnlyList<TlsReportTarget> TargetsOf(IReadOnlyList<string> texts)
    {
        var records = texts.Where(IsRecord).Take(2).ToList();
        if (records.Count != 1) return [];
        foreach (var field in records[0].Split(';', StringSplitOptions.TrimEntries))
            if (field.StartsWith("rua=", StringComparison.Ordinal))
                return
                [
                    .. field[4..].Split(',', StringSplitOptions.TrimEntries).Select(TargetOf).OfType<TlsReportTarget>().Take(MostTargets),
                ];
        return [];
    }

    private static bool IsRecord(string text) =>
        text.StartsWith(Version, StringComparison.Ordinal) && text.AsSpan(Version.Length).TrimStart(" \t") is [';', ..];

    private static TlsReportTarget? TargetOf(string text)
    {
        // rfc8460#3: a URI, so its host is ASCII; another may be one that no connection can be made to.
        if (!text.StartsWith(MailTo, StringComparison.OrdinalIgnoreCase))
            return Uri.TryCreate(text, UriKind.Absolute, out var uri) && uri.Scheme == Uri.UriSchemeHttps && uri.UserInfo.Length == 0
                && Ascii.IsValid(uri.Host)
                ? new TlsReportTarget.Post(uri)
                : null;
        // What may follow the address (headers, a size) asks for nothing here.
        var address = text[MailTo.Length..].Split('?', '!')[0];
        return Mailbox.TryParse(Uri.UnescapeDataString(address), out var mailbox) ? new TlsReportTarget.Mail(mailbox!) : null;
    }
}

/// <summary>Where a report is wanted.</summary>
internal abstract record TlsReportTarget
{
    public sealed record Mail(Mailbox To) : TlsReportTarget;

    public sealed record Post(Uri To) : TlsReportTarget;
}

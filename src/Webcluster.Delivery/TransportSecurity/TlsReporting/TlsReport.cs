using System.IO.Compression;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace Webcluster.Delivery.TransportSecurity.TlsReporting;

/// <summary>One report (RFC 8460 §4): what one node saw of one domain on one day. Pure; the same tally gives the same report.</summary>
internal sealed class TlsReport(DomainTally tally, TlsReportOptions options, string hostName)
{
    public string Domain => tally.Domain;

    public DateTimeOffset Start { get; } = new(tally.Day.ToDateTime(TimeOnly.MinValue), TimeSpan.Zero);

    public DateTimeOffset End => Start.AddDays(1).AddSeconds(-1);

    /// <summary>Unique to node, day and domain; the same when it is sent again.</summary>
    public string Id { get; } = $"{tally.Day:yyyyMMdd}.{Digest($"{hostName}\n{tally.Domain}")}@{hostName}";

    // rfc8460#5.1
    public string FileName => $"{hostName}!{Domain}!{Start.ToUnixTimeSeconds()}!{End.ToUnixTimeSeconds()}.json.gz";

    public byte[] Compressed()
    {
        using var output = new MemoryStream();
        using (var gzip = new GZipStream(output, CompressionLevel.Optimal)) gzip.Write(Json());
        return output.ToArray();
    }

    public byte[] Json()
    {
        using var output = new MemoryStream();
        using (var json = new Utf8JsonWriter(output))
        {
            json.WriteStartObject();
            json.WriteString("organization-name", options.Organisation);
            json.WriteStartObject("date-range");
            json.WriteString("start-datetime", $"{Start:yyyy-MM-ddTHH:mm:ssZ}");
            json.WriteString("end-datetime", $"{End:yyyy-MM-ddTHH:mm:ssZ}");
            json.WriteEndObject();
            json.WriteString("contact-info", options.Contact);
            json.WriteString("report-id", Id);
            json.WriteStartArray("policies");
            foreach (var policy in tally.Policies) Write(json, policy);
            json.WriteEndArray();
            json.WriteEndObject();
        }

        return output.ToArray();
    }

    private void Write(Utf8JsonWriter json, PolicyTally tallied)
    {
        json.WriteStartObject();
        json.WriteStartObject("policy");
        json.WriteString("policy-type", tallied.Type);
        if (tallied.Policy.Count > 0) WriteArray(json, "policy-string", tallied.Policy);
        json.WriteString("policy-domain", Domain);
        if (tallied.MxHosts.Count > 0) WriteArray(json, "mx-host", tallied.MxHosts);
        json.WriteEndObject();
        json.WriteStartObject("summary");
        json.WriteNumber("total-successful-session-count", tallied.Successes);
        json.WriteNumber("total-failure-session-count", tallied.Failures.Sum(failure => failure.Count));
        json.WriteEndObject();
        if (tallied.Failures.Count > 0)
        {
            json.WriteStartArray("failure-details");
            foreach (var failure in tallied.Failures) Write(json, failure);
            json.WriteEndArray();
        }

        json.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter json, FailureTally failure)
    {
        json.WriteStartObject();
        json.WriteString("result-type", failure.Result);
        if (failure.SendingIp is { } sending) json.WriteString("sending-mta-ip", sending);
        if (failure.MxHost is { } host) json.WriteString("receiving-mx-hostname", host);
        if (failure.ReceivingIp is { } receiving) json.WriteString("receiving-ip", receiving);
        json.WriteNumber("failed-session-count", failure.Count);
        json.WriteEndObject();
    }

    private static void WriteArray(Utf8JsonWriter json, string name, IEnumerable<string> values)
    {
        json.WriteStartArray(name);
        foreach (var value in values) json.WriteStringValue(value);
        json.WriteEndArray();
    }

    private static string Digest(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)).AsSpan(0, 8));
}

using System.Text.Json;
using System.Text.Json.Serialization;

namespace Webcluster.EndToEnd.Reports;

/// <summary>A delivery status notification (RFC 3464) as Python's email parser reads it.</summary>
internal sealed record ParsedReport
{
    private const string Program = """
        import email, email.policy, json, sys
        message = email.message_from_bytes(sys.stdin.buffer.read().decode("utf-8").encode("latin-1"), policy=email.policy.SMTPUTF8)
        defects = [repr(d) for part in message.walk() for d in part.defects]
        parts = message.get_payload()
        status = next(part for part in parts if part.get_content_type() in ("message/delivery-status", "message/global-delivery-status"))
        groups = status.get_payload()
        if status.get_content_type() == "message/global-delivery-status":
            # The parser takes what it does not know for a message: the first group for its header, the others for its body.
            rest = groups[0].get_payload(decode=True).replace(b"\r\n", b"\n")
            groups += [email.message_from_bytes(group, policy=email.policy.SMTPUTF8) for group in rest.split(b"\n\n") if group.strip()]
        def fields(group):
            return [[name.lower(), " ".join(str(value).split())] for name, value in group.items()]
        last = parts[-1].get_payload()
        json.dump({
            "defects": defects, "header": fields(message), "types": [part.get_content_type() for part in parts],
            "reportType": message.get_param("report-type"), "text": parts[0].get_content(),
            "groups": [fields(group) for group in groups],
            "original": last[0].as_string() if isinstance(last, list) else str(last),
        }, sys.stdout)
        """;

    private static readonly JsonSerializerOptions Options = new(JsonSerializerDefaults.Web);

    public required IReadOnlyList<string> Defects { get; init; }

    public required IReadOnlyList<string[]> Header { get; init; }

    /// <summary>Media types of its parts.</summary>
    public required IReadOnlyList<string> Types { get; init; }

    public required string ReportType { get; init; }

    public required string Text { get; init; }

    /// <summary>The fields about the message, then those about each recipient; names in lower case.</summary>
    public required IReadOnlyList<IReadOnlyList<string[]>> Groups { get; init; }

    public required string Original { get; init; }

    [JsonIgnore]
    public IReadOnlyList<string[]> Message => Groups[0];

    /// <summary>The fields about its one recipient.</summary>
    [JsonIgnore]
    public IReadOnlyList<string[]> Recipient => Groups.Skip(1).Single();

    public static async Task<ParsedReport> ReadAsync(SunkMail mail)
    {
        var ran = await Tool.RunAsync("/usr/bin/python3", ["-c", Program], mail.Content);
        if (ran.ExitCode != 0) throw new InvalidOperationException($"{ran}\n{mail.Content}");
        return JsonSerializer.Deserialize<ParsedReport>(ran.Output, Options)!;
    }

    /// <summary>The value of a field that stands once; null: it stands not at all.</summary>
    public static string? Value(IEnumerable<string[]> fields, string name) => fields.SingleOrDefault(field => field[0] == name)?[1];
}

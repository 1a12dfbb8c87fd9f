using System.Text;
using Webcluster.Protocol.Mime;

namespace Webcluster.Protocol.Reports;

/// <summary>A mail as those see it who look for reports in it: who wrote it, the parts of a report, its text, and the message it is about.
/// Parts of that message are not among them.</summary>
public sealed class ReceivedMail
{
    // Fields that nobody quotes who answers a mail.
    private static readonly string[] Trace = ["Received", "Return-Path", "DKIM-Signature"];

    private readonly List<MimePart> _leaves = [];

    private ReceivedMail(MimePart root, ReportLimits limits, string? reversePath)
    {
        Root = root;
        Limits = limits;
        ReturnPath = (reversePath ?? Header.Value("Return-Path"))?.Trim(' ', '\t', '<', '>');
        Subject = (Header.DecodedValue("Subject") ?? "").Trim();
        Author = string.Join(' ', new[] { "From", "Sender" }.Select(Header.DecodedValue)).Trim();
        Sender = $"{Author} {ReturnPath}".Trim();
        OwnAddresses = [.. new[] { "To", "Delivered-To", "Envelope-To", "X-Envelope-To", "X-Delivered-To" }
            .SelectMany(name => Header.Values(name, most: 10)).SelectMany(value => AddressText.All(value, most: 20)).Distinct(
                StringComparer.OrdinalIgnoreCase)];
    }

    public MimePart Root { get; }
    public ReportLimits Limits { get; }
    public MimeHeader Header => Root.Header;

    public string Subject { get; }

    /// <summary>The subject without that of the message this mail is about: what this mail says itself.</summary>
    public string OwnSubject => Original?.DecodedValue("Subject")?.Trim() is { Length: > 0 } original
        && $" {Subject}".EndsWith($" {original}", StringComparison.OrdinalIgnoreCase) ? Subject[..^original.Length] : Subject;

    /// <summary>Who says to have written it.</summary>
    public string Author { get; }

    /// <summary>Where reports about it go; empty: nowhere, as for reports; null where nobody recorded it.</summary>
    public string? ReturnPath { get; }

    /// <summary>Author and return path.</summary>
    public string Sender { get; }

    /// <summary>The addresses it came to.</summary>
    public IReadOnlyList<string> OwnAddresses { get; }

    /// <summary>Lines of the text, without the message that is returned.</summary>
    public IReadOnlyList<string> Lines { get; private set; } = [];

    /// <summary>Header of the message this mail is about; null where none is returned.</summary>
    public MimeHeader? Original { get; private set; }

    /// <summary>Is the message itself returned, or its whole header? Not where some of its fields are quoted, as people do.</summary>
    public bool IsReturned { get; private set; }

    /// <summary>The message this mail is about, as far as it is returned in the text; empty where it is a part, or not returned.</summary>
    public IReadOnlyList<string> Returned { get; private set; } = [];

    /// <param name="reversePath">Of its envelope, "" for the null one; null where only its header may tell.</param>
    public static ReceivedMail Read(ReadOnlyMemory<byte> octets, ReportLimits limits, string? reversePath = null)
    {
        var mail = new ReceivedMail(MimeParser.Parse(octets, limits.Mime), limits, reversePath);
        mail.Collect(mail.Root);
        mail.ReadLines();
        return mail;
    }

    /// <summary>The parts of that type, outside the returned message.</summary>
    public IEnumerable<MimePart> Find(string type, params string[] subtypes) =>
        _leaves.Where(part => part.Type.Type == type && subtypes.Contains(part.Type.Subtype));

    /// <summary>What is neither HTML nor a file, line by line as it came.</summary>
    public string ReadPlainText() => Text(part => part.Type.Type is not ("message" or "image" or "application" or "audio" or "video")
        && part.Type.Subtype is not ("html" or "calendar"));

    private void Collect(MimePart part)
    {
        if (part.Type.Type == "message" && part.Parts is [var message])
        {
            _leaves.Add(part);
            Original ??= message.Header;
        }
        else if (part.Parts.Count > 0)
            foreach (var inner in part.Parts) Collect(inner);
        else if (part != Root && part.Header.IsOfMessage)
            Original ??= part.Header;
        else if (IsHeaderOfOriginal(part.Type))
            Original ??= MimeHeader.ScanMessage(part.ReadOctets(), Limits.Mime);
        else
            _leaves.Add(part);
    }

    // rfc6522#4, rfc6533#5, and names that are met besides.
    private static bool IsHeaderOfOriginal(ContentType type) =>
        type is { Type: "text" or "message", Subtype: "rfc822-headers" or "rfc822-header" or "global-headers" or "partial" };

    private void ReadLines()
    {
        var plain = ReadPlainText();
        var text = plain.Contains('@') ? plain : plain + "\n" + Text(part => part.Type.Is("text", "html"));
        var returned = ReportText.Split(text, Limits);
        Lines = returned.Lines;
        IsReturned = Original is not null || Array.Exists(Trace, name => returned.Original?.Has(name) == true);
        Original ??= returned.Original;
        Returned = returned.Returned;
    }

    // Of all parts together no more than of one.
    private string Text(Predicate<MimePart> isText)
    {
        var text = new StringBuilder();
        foreach (var part in _leaves.FindAll(isText))
            if (text.Length < Limits.Mime.MaxTextOctets) text.Append(part.ReadText()).Append('\n');
        return text.ToString();
    }
}

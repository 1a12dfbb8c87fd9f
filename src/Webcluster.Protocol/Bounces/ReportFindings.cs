using System.Text;
using Webcluster.Protocol.Reports;

namespace Webcluster.Protocol.Bounces;

/// <summary>
/// The recipients that a report's text names, and what it says of each. Of all addresses the strongest kind of mention counts; those of the
/// sender and of this mailbox do not, unless there is nothing else.
/// </summary>
internal sealed class ReportFindings
{
    // Characters that are read about one recipient.
    private const int MaxText = 16 * 1024;

    private readonly ReceivedMail _mail;
    private readonly List<RecipientMention> _all = [];
    private readonly HashSet<string> _own = new(StringComparer.OrdinalIgnoreCase);

    // Asked for each recipient, found once.
    private bool? _hasOwnReplies;
    private string? _ofAll;

    private ReportFindings(ReceivedMail mail)
    {
        _mail = mail;
        _own.UnionWith(mail.OwnAddresses);
        _own.UnionWith(AddressText.All(mail.Sender, most: 10));
        _own.UnionWith(AddressText.All(mail.Original?.Value("From"), most: 10));
        _own.UnionWith(AddressText.All(mail.Original?.Value("Return-Path"), most: 2));
        for (var index = 0; index < mail.Lines.Count; index++)
            if (index == 0 || !MentionReader.LeavesOpen(mail.Lines[index - 1])) _all.AddRange(MentionReader.Read(mail.Lines[index], index));
        Mentions = Choose();
        Whole = Lines(0, mail.Lines.Count, "");
        WholeHasReply = HasReply(Whole);
    }

    /// <summary>One for each recipient, in the order of the text.</summary>
    public IReadOnlyList<RecipientMention> Mentions { get; }

    /// <summary>The whole text.</summary>
    public string Whole { get; }

    private bool WholeHasReply { get; }

    public static ReportFindings Read(ReceivedMail mail) => new(mail);

    /// <summary>What is said of that address: from its line to the next recipient's; where that is nothing, what is said of all.</summary>
    public string TextOf(string? address)
    {
        var index = address is null ? -1 : IndexOf(address);
        if (index < 0) return (address is null ? null : Session(address, 0)) ?? Whole;
        var text = Own(index);
        if (HasReply(text)) return text;
        if (Mentions.Count == 1 && !HasStatus(text) && HasStatus(Whole)) return Whole;
        // The recipients are listed together: a line of the session is about this one, or one reply is about all.
        if (Session(address!, 0) is { } session && (HasReply(session) || !Says(text))) return session;
        if (WholeHasReply && (Mentions.Count == 1 || !(_hasOwnReplies ??= HasOwnReplies()))) return Whole;
        if (Says(text)) return text;
        return _ofAll ??= OfAll();
    }

    private string OfAll()
    {
        var rest = Lines(Mentions[^1].Line + 1, _mail.Lines.Count, "");
        return Says(rest) ? rest : Whole;
    }

    private string Own(int index)
    {
        var mention = Mentions[index];
        if (mention.Strength == MentionStrength.Session && Session(mention.Address, mention.Line) is { } said) return said;
        var end = Mentions.Count > index + 1 ? Mentions[index + 1].Line : _mail.Lines.Count;
        return Lines(mention.Line + 1, end, mention.Strength == MentionStrength.Inline ? Line(mention.Line) : mention.Rest);
    }

    // Asked of lists; the first few tell.
    private bool HasOwnReplies()
    {
        for (var index = 0; index < Math.Min(Mentions.Count, 10); index++)
            if (HasReply(Own(index))) return true;
        return false;
    }

    private static bool HasStatus(string text) => !ReplyFinder.Status(text).IsNone;

    private static bool HasReply(string text) => ReplyFinder.Reply(text, out _) is not null;

    private List<RecipientMention> Choose()
    {
        var failed = AddressText.All(_mail.Header.Value("X-Failed-Recipients"), _mail.Limits.MaxReports);
        // Where the text lists other addresses than the header, it is the text that people have checked.
        if (failed.Count > 0 && (failed.Exists(address => _all.Exists(mention => Same(mention.Address, address)))
            || !_all.Exists(mention => mention.Strength == MentionStrength.Listed && !_own.Contains(mention.Address))))
            return [.. failed.Distinct(StringComparer.OrdinalIgnoreCase).Select(MentionOf)];
        var others = ContactAddresses.Without(_all.FindAll(mention => !_own.Contains(mention.Address)), _mail.Lines);
        var chosen = Strongest(others);
        if (chosen.Count > 0) return chosen;
        var own = Strongest(_all.FindAll(mention => mention.Strength == MentionStrength.Listed));
        if (own.Count > 0) return own;
        if (Original() is { } original) return [new RecipientMention(-1, original, MentionStrength.Inline, "")];
        return Strongest(_all.FindAll(mention => mention.Strength > MentionStrength.Inline));
    }

    // Where the text does not name it, all of the text is about it.
    private RecipientMention MentionOf(string address)
    {
        var index = _all.FindIndex(mention => Same(mention.Address, address));
        return index >= 0 ? _all[index] : new RecipientMention(_mail.Lines.Count, address, MentionStrength.Listed, "");
    }

    private List<RecipientMention> Strongest(List<RecipientMention> mentions)
    {
        if (mentions.Count == 0) return [];
        var strength = mentions.Max(mention => mention.Strength);
        // A sentence names the recipient first; what it names then is somebody to write to.
        var most = strength == MentionStrength.Inline ? 1 : _mail.Limits.MaxReports;
        return [.. mentions.Where(mention => mention.Strength == strength)
            .DistinctBy(mention => mention.Address, StringComparer.OrdinalIgnoreCase).Take(most)];
    }

    // The message's own recipient, where it had one.
    private string? Original()
    {
        var addresses = AddressText.All(_mail.Original?.Value("To"), most: 3);
        return addresses.Count == 1 && !_mail.OwnAddresses.Contains(addresses[0], StringComparer.OrdinalIgnoreCase) ? addresses[0] : null;
    }

    private int IndexOf(string address)
    {
        for (var index = 0; index < Mentions.Count; index++)
            if (Same(Mentions[index].Address, address)) return index;
        return -1;
    }

    // The line of the session about that address, to the next one's.
    private string? Session(string address, int from)
    {
        var index = _all.FindIndex(mention => mention.Line >= from && mention.Strength == MentionStrength.Session
            && Same(mention.Address, address));
        if (index < 0) return null;
        var next = _all.FindIndex(index + 1, mention => mention.Strength == MentionStrength.Session && !Same(mention.Address, address)
            && !_own.Contains(mention.Address));
        var text = Lines(_all[index].Line + 1, next < 0 ? _mail.Lines.Count : _all[next].Line, _all[index].Rest);
        if (!Says(text)) return null;
        var isCommand = Line(_all[index].Line).TrimStart().StartsWith(">>>", StringComparison.Ordinal);
        return !isCommand && RemoteReply(_all[index].Line) is { } reply ? $"{reply}\n{text}" : text;
    }

    // sendmail's session: what the remote said, "<<< 550 ...", stands in front of what sendmail makes of it.
    private string? RemoteReply(int line)
    {
        for (var index = line - 1; index >= Math.Max(0, line - 3); index--)
        {
            var text = _mail.Lines[index].TrimStart();
            if (text.StartsWith("<<<", StringComparison.Ordinal)) return HasReply(text) ? text : null;
            if (!text.Contains("Deferred", StringComparison.Ordinal)) return null;
        }

        return null;
    }

    private string Line(int index) => index >= 0 && index < _mail.Lines.Count ? _mail.Lines[index] : "";

    private string Lines(int start, int end, string first)
    {
        var text = new StringBuilder(first);
        for (var index = Math.Max(0, start); index < end && text.Length < MaxText; index++)
        {
            if (text.Length > 0) text.Append('\n');
            text.Append(_mail.Lines[index]);
        }

        return text.ToString();
    }

    private static bool Says(string text) => DiagnosticText.Of(text, most: 200).Count(char.IsLetter) > 3;

    private static bool Same(string one, string other) => one.Equals(other, StringComparison.OrdinalIgnoreCase);
}

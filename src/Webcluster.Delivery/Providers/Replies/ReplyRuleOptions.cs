using Webcluster.Queue.Traffic;

namespace Webcluster.Delivery.Providers.Replies;

/// <summary>
/// What a reply means for the traffic from the source that got it. All of code, enhanced and text that are given must fit. Without any
/// action the rule says: this reply is no reason to do anything, whatever later rules say.
/// </summary>
public sealed class ReplyRuleOptions
{
    private const int LongestText = 300;

    /// <summary>Unique among the provider's rules.</summary>
    public string Name { get; set; } = "";

    /// <summary>Codes, x for any digit: "421", "45x". Default 4xx and 5xx.</summary>
    public List<string> Code { get; set; } = [];

    /// <summary>
    /// Enhanced codes, * for any number: "4.7.28", "4.7.*". Without: any that does not blame one address or mailbox (x.1.1, x.2.1, ...).
    /// </summary>
    public List<string> Enhanced { get; set; } = [];

    /// <summary>
    /// Texts of which one must be in the reply; * stands for anything. Case, runs of spaces, and what the reply has between &lt; and &gt;
    /// do not count.
    /// </summary>
    public List<string> Text { get; set; } = [];

    /// <summary>Only replies that cannot be about one recipient: the greeting, and those to EHLO, STARTTLS, AUTH and MAIL.</summary>
    public bool OfSender { get; set; }

    /// <summary>Suspend only after so many such replies in so long: "3/h". Default: at once.</summary>
    public Rate? After { get; set; }

    /// <summary>The message rate is multiplied by this, 0.1 to 0.9. Recovers by itself.</summary>
    public double? SlowDown { get; set; }

    /// <summary>One connection fewer than there are. Recovers by itself.</summary>
    public bool FewerConnections { get; set; }

    /// <summary>The provider takes so many messages on a connection.</summary>
    public int? MessagesPerConnection { get; set; }

    /// <summary>The provider takes as many messages on a connection as this one has carried.</summary>
    public bool LearnMessagesPerConnection { get; set; }

    /// <summary>Nothing at all for so long.</summary>
    public TimeSpan? Suspend { get; set; }

    /// <summary>
    /// The mail is tried again by the schedule, also where the code says never (5xx): the reply is about the source, not about the mail.
    /// </summary>
    public bool Retry { get; set; }

    /// <summary>Whole replies that the rule must match: "421 4.7.28 ...". At least one; `webcluster check` tries each.</summary>
    public List<string> Examples { get; set; } = [];

    public IEnumerable<(string Key, string Problem)> Problems()
    {
        if (Name.Length == 0) yield return ("name", "is missing");
        if (Code.Count + Enhanced.Count + Text.Count == 0)
            yield return ("text", "is missing, as are code and enhanced: the rule would match everything");
        foreach (var (index, code) in Code.Index())
            if (!CodePattern.TryParse(code, out _))
                yield return ($"code[{index}]", $"'{code}' is no code of a refusal such as 421 or 45x");
        foreach (var (index, enhanced) in Enhanced.Index())
            if (!EnhancedPattern.TryParse(enhanced, out _))
                yield return ($"enhanced[{index}]", $"'{enhanced}' is no enhanced code such as 4.7.28 or 4.7.*");
        foreach (var (index, text) in Text.Index())
            if (text.Length > LongestText || text.All(c => c is '*' or ' '))
                yield return ($"text[{index}]", $"must have 1 to {LongestText} characters besides *");
        if (SlowDown is not (null or >= 0.1 and <= 0.9)) yield return ("slow_down", "must be 0.1 to 0.9");
        if (MessagesPerConnection is < 1) yield return ("messages_per_connection", "must be at least 1");
        if (Suspend < TimeSpan.FromSeconds(1) || Suspend > TimeSpan.FromDays(1)) yield return ("suspend", "must be 1s to 1d");
        if (After is not null && Suspend is null) yield return ("after", "needs suspend: what else the rule does is done at once");
        if (Examples.Count == 0) yield return ("examples", "is missing: at least one reply that the rule must match");
    }

    internal IEnumerable<Adjustment> Adjustments()
    {
        if (SlowDown is { } factor) yield return new Adjustment.SlowDown(factor);
        if (FewerConnections) yield return new Adjustment.FewerConnections();
        if (MessagesPerConnection is { } messages) yield return new Adjustment.MessagesPerConnection(messages);
        if (Suspend is { } time) yield return new Adjustment.Suspend(time);
    }
}

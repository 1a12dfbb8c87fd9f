using Webcluster.Protocol.Smtp;
using Webcluster.Queue.Traffic;

namespace Webcluster.Delivery.Providers.Replies;

/// <summary>A rule that a reply matched, and what it asks for.</summary>
public sealed class ReplyRule
{
    private readonly CodePattern[] _codes;
    private readonly EnhancedPattern[] _enhanced;
    private readonly TextPattern[] _texts;

    /// <param name="origin">Where it was said.</param>
    internal ReplyRule(ReplyRuleOptions options, string origin)
    {
        Name = options.Name;
        Origin = origin;
        After = options.After;
        IsOfSender = options.OfSender;
        Retry = options.Retry;
        LearnsMessagesPerConnection = options.LearnMessagesPerConnection;
        Adjustments = [.. options.Adjustments()];
        _codes = [.. options.Code.Select(text => CodePattern.TryParse(text, out var code) ? code : default)];
        _enhanced = [.. options.Enhanced.Select(text => EnhancedPattern.TryParse(text, out var enhanced) ? enhanced : default)];
        _texts = [.. options.Text.Select(text => new TextPattern(text))];
    }

    public string Name { get; }

    public string Origin { get; }

    /// <summary>
    /// How often in how long it must have matched, from one source to one provider, before it suspends; null: at once. The caller counts.
    /// </summary>
    public Rate? After { get; }

    /// <summary>It is only for replies that are not about one recipient.</summary>
    public bool IsOfSender { get; }

    /// <summary>The mail is tried again, also where the reply says never.</summary>
    public bool Retry { get; }

    public bool LearnsMessagesPerConnection { get; }

    /// <summary>Those that do not depend on what the connection has carried.</summary>
    public IReadOnlyList<Adjustment> Adjustments { get; }

    /// <summary>There are replies after which it does something.</summary>
    public bool Acts => Adjustments.Count > 0 || LearnsMessagesPerConnection;

    /// <summary>All that this refusal asks for. None: it is no reason to do anything.</summary>
    public IEnumerable<Adjustment> AdjustmentsFor(Refusal refusal) => LearnsMessagesPerConnection && refusal.Carried > 0
        ? Adjustments.Append(new Adjustment.MessagesPerConnection(refusal.Carried))
        : Adjustments;

    internal bool MatchesStage(Refusal refusal) => !IsOfSender || refusal.IsOfSender;

    internal bool MatchesCodes(SmtpReply reply)
    {
        if (_codes.Length > 0 && !Array.Exists(_codes, code => code.Matches(reply.Code))) return false;
        return _enhanced.Length > 0
            ? Array.Exists(_enhanced, enhanced => enhanced.Matches(reply.Enhanced))
            : !IsOfOneMailbox(reply.Enhanced);
    }

    internal bool MatchesText(string normal) => _texts.Length == 0 || Array.Exists(_texts, text => text.Matches(normal));

    // rfc3463#3.2: x.1.z is about an address, x.2.z about a mailbox; with 0 it says no more than that.
    internal static bool IsOfOneMailbox(EnhancedCode code) => code is { Subject: 1 or 2, Detail: not 0 };
}

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
        Adjustments = [.. options.Adjustments()];
        _codes = [.. options.Code.Select(text => CodePattern.TryParse(text, out var code) ? code : default)];
        _enhanced = [.. options.Enhanced.Select(text => EnhancedPattern.TryParse(text, out var enhanced) ? enhanced : default)];
        _texts = [.. options.Text.Select(text => new TextPattern(text))];
    }

    public string Name { get; }

    public string Origin { get; }

    /// <summary>
    /// How often in how long it must have matched, from one source to one provider, before it acts; null: at once. The caller counts.
    /// </summary>
    public Rate? After { get; }

    /// <summary>Empty: the reply is no reason to do anything.</summary>
    public IReadOnlyList<Adjustment> Adjustments { get; }

    internal bool MatchesCodes(SmtpReply reply)
    {
        if (_codes.Length > 0 && !Array.Exists(_codes, code => code.Matches(reply.Code))) return false;
        return _enhanced.Length > 0
            ? Array.Exists(_enhanced, enhanced => enhanced.Matches(reply.Enhanced))
            : !IsOfOneMailbox(reply.Enhanced);
    }

    internal bool MatchesText(string normal) => _texts.Length == 0 || Array.Exists(_texts, text => text.Matches(normal));

    // rfc3463#3.2: x.1.z is about an address, x.2.z about a mailbox; with 0 it says no more than that.
    private static bool IsOfOneMailbox(EnhancedCode code) => code is { Subject: 1 or 2, Detail: not 0 };
}

using System.Collections.Frozen;
using System.Text.Json;
using Webcluster.Protocol.Smtp;
using Webcluster.Queue.Events;

namespace Webcluster.Node.EventFiles.Formats;

/// <summary>What several formats say of an event.</summary>
internal static class EventWords
{
    private static readonly FrozenDictionary<MailEventKind, string> Kinds = Enum.GetValues<MailEventKind>().ToFrozenDictionary(
        kind => kind, kind => JsonNamingPolicy.SnakeCaseLower.ConvertName(kind.ToString()));

    /// <summary>The kind's name, as in webhooks and the configuration: "bounced_later".</summary>
    public static string Of(MailEventKind kind) => Kinds[kind];

    /// <summary>The enhanced code: the event's own, else the one in the reply. Null: none.</summary>
    public static string? Status(MailEvent one)
    {
        if (one.Status is { } status) return status;
        return HasReplyCode(one.Reply) && EnhancedCode.TryParsePrefix(one.Reply.AsSpan(4), out var code, out _) ? code.ToString() : null;
    }

    /// <summary>"550 5.1.1 ...": a server said it, not this node.</summary>
    public static bool HasReplyCode(string? reply) =>
        reply is [>= '2' and <= '5', var second, var third, ' ', ..] && char.IsAsciiDigit(second) && char.IsAsciiDigit(third);
}

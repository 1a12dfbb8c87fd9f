using System.Globalization;
using Webcluster.Protocol.Smtp;

namespace Webcluster.Protocol.Bounces;

/// <summary>A diagnostic as a classifier of replies reads it: codes in front.</summary>
internal static class CauseText
{
    public static string Of(string diagnostic, EnhancedCode status, bool permanent)
    {
        var reply = ReplyFinder.Reply(diagnostic, out var start);
        var informs = !status.IsNone && status is not { Subject: 0, Detail: 0 } && ReplyFinder.Status(diagnostic).IsNone;
        if (!informs) return diagnostic;
        var code = reply ?? (permanent ? 550 : 450);
        var said = start == 0 ? diagnostic[3..].TrimStart(' ', '-', ':') : diagnostic;
        return string.Create(CultureInfo.InvariantCulture, $"{code} {status} {said}");
    }
}

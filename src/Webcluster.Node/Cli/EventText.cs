using System.Globalization;
using Webcluster.Node.Http;
using Webcluster.Queue.Events;

namespace Webcluster.Node.Cli;

/// <summary>One event in one line for people.</summary>
internal static class EventText
{
    public static string Of(MailEvent happened)
    {
        List<string> parts =
        [
            happened.At.ToString("yyyy-MM-ddTHH:mm:ss.fffZ", CultureInfo.InvariantCulture), JsonAnswers.Word(happened.Kind),
        ];
        if (Who(happened) is { Length: > 0 } who) parts.Add(who);
        if (happened.Host is { } host) parts.Add($"via {host}");
        if (happened.Source is { } source && source != "system") parts.Add($"from {source}");
        if (happened.Bounce is { } bounce) parts.Add($"({bounce}{(happened.Suppressing == true ? ", suppressed from now on" : "")})");
        if (happened.NextAttempt is { } next) parts.Add($"next {next.ToString("HH:mm:ssZ", CultureInfo.InvariantCulture)}");
        var said = (happened.Reply ?? happened.Reason) is { } words ? $": {words}" : "";
        // What others wrote must not move the cursor of whoever reads it.
        return string.Concat((string.Join(' ', parts) + said).ReplaceLineEndings(" ").Select(c => char.IsControl(c) ? '?' : c));
    }

    private static string Who(MailEvent happened) =>
        happened.Recipient is { } one ? $"<{one}>" : string.Join(' ', (happened.Recipients ?? []).Select(recipient => $"<{recipient}>"));
}

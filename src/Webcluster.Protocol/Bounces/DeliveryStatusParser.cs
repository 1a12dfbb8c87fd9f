using Webcluster.Protocol.Reports;
using Webcluster.Protocol.Smtp;

namespace Webcluster.Protocol.Bounces;

/// <summary>
/// Delivery status fields (RFC 3464, RFC 6533) in a part of their own or in running text: groups divided by empty lines, or, where those
/// are missing, by the next recipient. Fields and lines that it does not know are passed over.
/// </summary>
internal static class DeliveryStatusParser
{
    public static List<RecipientStatus> Parse(IEnumerable<string> lines, int most)
    {
        var found = new List<RecipientStatus>();
        var current = new RecipientStatus();
        foreach (var (name, value) in Fields(lines))
        {
            if (EndsGroup(current, name))
            {
                if (current.IsReport) found.Add(current);
                if (found.Count == most) return found;
                current = new RecipientStatus();
            }

            Take(current, name, value);
        }

        if (current.IsReport) found.Add(current);
        return found;
    }

    // Unfolded fields; an empty name stands for an empty line.
    private static IEnumerable<(string Name, string Value)> Fields(IEnumerable<string> lines)
    {
        (string Name, string Value)? open = null;
        foreach (var line in lines)
        {
            if (open is { } field && line.Length > 0 && line[0] is ' ' or '\t' && !IsField(line.Trim()))
            {
                open = (open.Value.Name, open.Value.Value.Length < 4000 ? $"{open.Value.Value} {line.Trim()}" : open.Value.Value);
                continue;
            }

            if (open is { } complete) yield return complete;
            open = null;
            var text = line.TrimStart(' ', '\t', '>');
            var colon = text.IndexOf(':', StringComparison.Ordinal);
            if (colon is > 0 and < 60) open = (text[..colon].Trim().ToLowerInvariant(), text[(colon + 1)..].Trim());
            else if (text.Length == 0) yield return ("", "");
        }

        if (open is { } last) yield return last;
    }

    private static bool IsField(string line) =>
        Array.Exists(RecipientFields, name => line.StartsWith(name, StringComparison.OrdinalIgnoreCase) && line.Length > name.Length
            && line[name.Length] is ':' or ' ');

    private static readonly string[] RecipientFields =
        ["final-recipient", "original-recipient", "x-actual-recipient", "action", "status", "diagnostic-code", "remote-mta"];

    private static bool EndsGroup(RecipientStatus current, string name) => name switch
    {
        "" => current.NamesRecipient || current.Action is not null,
        "final-recipient" => current.Final is not null,
        // Original-Recipient stands in front of Final-Recipient or behind it: it begins a group where the group is otherwise complete.
        "original-recipient" => current.Original is not null || (current.Final is not null && current.Diagnostic.Length > 0),
        "action" => current.Action is not null,
        _ => false,
    };

    private static void Take(RecipientStatus current, string name, string value)
    {
        switch (name)
        {
            case "final-recipient":
                current.Final ??= Address(value);
                current.NamesRecipient = true;
                break;
            case "x-actual-recipient":
                current.Actual ??= Address(value);
                break;
            case "original-recipient":
                current.Original ??= Address(value);
                current.NamesRecipient = true;
                break;
            case "action":
                current.Action ??= Action(value);
                break;
            case "status":
                if (!current.Status.IsNone) break;
                current.Status = ReplyFinder.Status(value);
                current.Comment = value.IndexOf('(', StringComparison.Ordinal) is > 0 and var open ? value[(open + 1)..].TrimEnd(')') : "";
                break;
            case "diagnostic-code" when current.Diagnostic.Length == 0:
                current.Diagnostic = Diagnostic(value);
                break;
        }
    }

    // rfc3464#2.3.2: type ";" address; rfc6533#4: utf-8 addresses, perhaps with \x{HEX}.
    private static string? Address(string value)
    {
        var semicolon = value.IndexOf(';', StringComparison.Ordinal);
        var address = semicolon < 0 ? value : value[(semicolon + 1)..].Trim();
        if (semicolon > 0 && value[..semicolon].Trim().Equals("utf-8", StringComparison.OrdinalIgnoreCase)
            && Utf8AddressXtext.TryDecode(System.Text.Encoding.UTF8.GetBytes(address), out var decoded))
            address = decoded;
        // A source route is no address to write to.
        return address.StartsWith('@') || address.StartsWith("<@", StringComparison.Ordinal) ? null : AddressText.First(address);
    }

    private static StatusAction? Action(string value)
    {
        var word = value.Split(' ', '(', ';')[0].ToLowerInvariant();
        return word switch
        {
            "failed" or "failure" or "fail" or "undeliverable" or "expired" or "error" or "rejected" => StatusAction.Failed,
            "delayed" or "delay" or "deferred" => StatusAction.Delayed,
            "delivered" or "deliverable" => StatusAction.Delivered,
            "relayed" => StatusAction.Relayed,
            "expanded" => StatusAction.Expanded,
            _ => null,
        };
    }

    // rfc3464#2.3.6: type ";" text. A type is one word.
    private static string Diagnostic(string value)
    {
        var semicolon = value.IndexOf(';', StringComparison.Ordinal);
        var hasType = semicolon is > 0 and < 20 && !value[..semicolon].Contains(' ', StringComparison.Ordinal);
        return hasType ? value[(semicolon + 1)..].Trim() : value;
    }
}

using System.Buffers;
using System.Text;

namespace Webcluster.Protocol.Smtp;

/// <summary>Reads the parameters of RCPT: NOTIFY and ORCPT (RFC 3461 §4.1, §4.2). Each may stand once; any other is refused.</summary>
internal static class RcptParameterParser
{
    private const int MaxOriginalRecipient = 500;

    private static readonly SearchValues<byte> AddressTypeText =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-"u8);

    /// <returns>Null where all is well.</returns>
    public static CommandProblem? Parse(ReadOnlySpan<byte> text, out RcptParameters result)
    {
        result = RcptParameters.None;
        var reader = new ParameterReader(text);
        var notify = DsnNotify.NotGiven;
        string? originalRecipient = null;
        Span<char> folded = stackalloc char[Keyword.MaxLength];
        CommandProblem? problem;
        while (reader.TryRead(out problem))
        {
            switch (Keyword.Fold(reader.Name, folded))
            {
                case "NOTIFY":
                    if (notify != DsnNotify.NotGiven) return CommandProblem.DuplicateParameter;
                    if (!TryReadNotify(reader.Value, out notify)) return CommandProblem.InvalidParameterValue;
                    break;
                case "ORCPT":
                    if (originalRecipient is not null) return CommandProblem.DuplicateParameter;
                    if (!TryReadOriginalRecipient(reader.Value, out originalRecipient)) return CommandProblem.InvalidParameterValue;
                    break;
                default:
                    return CommandProblem.UnknownParameter;
            }
        }

        if (problem is null && (notify != DsnNotify.NotGiven || originalRecipient is not null))
            result = new RcptParameters(notify, originalRecipient);
        return problem;
    }

    private static bool TryReadNotify(ReadOnlySpan<byte> value, out DsnNotify notify)
    {
        notify = DsnNotify.NotGiven;
        Span<char> folded = stackalloc char[Keyword.MaxLength];
        foreach (var range in value.Split((byte)','))
        {
            var one = Keyword.Fold(value[range], folded) switch
            {
                "NEVER" => DsnNotify.Never,
                "SUCCESS" => DsnNotify.Success,
                "FAILURE" => DsnNotify.Failure,
                "DELAY" => DsnNotify.Delay,
                _ => DsnNotify.NotGiven,
            };
            if (one == DsnNotify.NotGiven) return false;
            notify |= one;
        }

        // rfc3461#4.1: NEVER stands alone.
        return !notify.HasFlag(DsnNotify.Never) || notify == DsnNotify.Never;
    }

    private static bool TryReadOriginalRecipient(ReadOnlySpan<byte> value, out string? originalRecipient)
    {
        originalRecipient = null;
        var semicolon = value.IndexOf((byte)';');
        if (semicolon <= 0 || value.Length > MaxOriginalRecipient || semicolon == value.Length - 1) return false;
        var type = value[..semicolon];
        var encoded = value[(semicolon + 1)..];
        if (type.ContainsAnyExcept(AddressTypeText)) return false;
        var isUtf8 = Ascii.EqualsIgnoreCase(type, "utf-8"u8);
        if (!(isUtf8 ? Utf8AddressXtext.TryDecode(encoded, out var address) : Xtext.TryDecode(encoded, out address))) return false;
        originalRecipient = $"{Encoding.ASCII.GetString(type).ToLowerInvariant()};{address}";
        return true;
    }
}

using System.Buffers;
using System.Diagnostics;
using System.Globalization;
using System.Text;
using Webcluster.Protocol.Addresses;

namespace Webcluster.Protocol.Smtp;

/// <summary>
/// Writes the client's commands that carry data of others. A parameter is written only where the server offers its extension. Whether the
/// server can take the address and the body at all (SMTPUTF8, 8BITMIME) has been settled before.
/// </summary>
public static class CommandWriter
{
    private static readonly SearchValues<char> Controls =
        SearchValues.Create([.. Enumerable.Range(0, 0x20).Select(value => (char)value), (char)0x7F]);

    /// <summary>
    /// MAIL FROM with SIZE, BODY, SMTPUTF8, RET and ENVID. A null path is the null reverse-path. AUTH= is never passed on.
    /// </summary>
    /// <exception cref="ArgumentException">A value that no parser let through holds a control character. Nothing was written.</exception>
    public static void Mail(IBufferWriter<byte> output, Mailbox? reversePath, MailParameters parameters, ServerCapabilities capabilities)
    {
        var line = new StringBuilder("MAIL FROM:<").Append(reversePath).Append('>');
        if (capabilities.Size && parameters.Size is { } size) line.Append(CultureInfo.InvariantCulture, $" SIZE={size}");
        if (capabilities.EightBitMime && parameters.Body == MailBody.EightBitMime) line.Append(" BODY=8BITMIME");
        if (capabilities.SmtpUtf8 && parameters.SmtpUtf8) line.Append(" SMTPUTF8");
        if (capabilities.RequireTls && parameters.RequireTls) line.Append(" REQUIRETLS");
        if (capabilities.Dsn)
        {
            line.Append(parameters.Return switch
            {
                DsnReturn.Full => " RET=FULL",
                DsnReturn.Headers => " RET=HDRS",
                DsnReturn.NotGiven => "",
                _ => throw new UnreachableException(),
            });
            if (parameters.EnvelopeId is { Length: > 0 } id) Xtext.Write(id, line.Append(" ENVID="));
        }

        Send(line, output);
    }

    /// <summary>RCPT TO with NOTIFY and ORCPT.</summary>
    /// <exception cref="ArgumentException">As for <see cref="Mail"/>.</exception>
    public static void Recipient(IBufferWriter<byte> output, Mailbox forwardPath, RcptParameters parameters,
        ServerCapabilities capabilities)
    {
        var line = new StringBuilder("RCPT TO:<").Append(forwardPath).Append('>');
        if (capabilities.Dsn)
        {
            if (parameters.Notify != DsnNotify.NotGiven) line.Append(" NOTIFY=").Append(Write(parameters.Notify));
            if (parameters.OriginalRecipient is { } original) WriteOriginalRecipient(original, line);
        }

        Send(line, output);
    }

    // rfc3461#4.1
    private static string Write(DsnNotify notify)
    {
        if (notify.HasFlag(DsnNotify.Never)) return "NEVER";
        var names = new List<string>(3);
        if (notify.HasFlag(DsnNotify.Success)) names.Add("SUCCESS");
        if (notify.HasFlag(DsnNotify.Failure)) names.Add("FAILURE");
        if (notify.HasFlag(DsnNotify.Delay)) names.Add("DELAY");
        return string.Join(',', names);
    }

    // rfc3461#4.2, rfc6533#3
    private static void WriteOriginalRecipient(string original, StringBuilder line)
    {
        var semicolon = original.IndexOf(';', StringComparison.Ordinal);
        if (semicolon < 0) return;
        var address = original[(semicolon + 1)..];
        var isUtf8 = !Ascii.IsValid(address) || original.AsSpan(0, semicolon).Equals("utf-8", StringComparison.OrdinalIgnoreCase);
        Xtext.Write(isUtf8 ? "utf-8" : original[..semicolon], line.Append(" ORCPT="));
        line.Append(';');
        if (isUtf8) Utf8AddressXtext.Write(address, line);
        else Xtext.Write(address, line);
    }

    // The one way out: whatever came in, one call is one line. // rfc5321#2.3.8
    private static void Send(StringBuilder line, IBufferWriter<byte> output)
    {
        var text = line.ToString();
        if (text.AsSpan().ContainsAny(Controls)) throw new ArgumentException("A control character in a command.", nameof(line));
        Encoding.UTF8.GetBytes(text, output);
        output.Write("\r\n"u8);
    }
}

using System.Globalization;
using Serilog.Events;
using Serilog.Parsing;

namespace Webcluster.Node.Logging;

/// <summary>
/// Renders an event's message as plain text. Whatever a peer put into a value stays on its line: control characters are escaped.
/// </summary>
internal static class PlainText
{
    public static void WriteMessage(LogEvent log, TextWriter output)
    {
        foreach (var token in log.MessageTemplate.Tokens)
        {
            if (token is TextToken text) output.Write(text.Text);
            else if (token is PropertyToken property) WriteProperty(log, property, output);
        }
    }

    public static void WriteEscaped(string text, TextWriter output)
    {
        var safe = 0;
        for (var i = 0; i < text.Length; i++)
        {
            if (!IsUnsafe(text[i])) continue;
            output.Write(text.AsSpan(safe, i - safe));
            output.Write(text[i] switch { '\r' => "\\r", '\n' => "\\n", '\t' => "\\t", _ => $"\\u{(int)text[i]:x4}" });
            safe = i + 1;
        }
        output.Write(text.AsSpan(safe));
    }

    // Also the line separators of Unicode, and the controls that turn the direction of writing.
    private static bool IsUnsafe(char c) =>
        char.IsControl(c) || c is '\u2028' or '\u2029' or (>= '\u202a' and <= '\u202e') or (>= '\u2066' and <= '\u2069');

    private static void WriteProperty(LogEvent log, PropertyToken token, TextWriter output)
    {
        if (!log.Properties.TryGetValue(token.PropertyName, out var value)) output.Write(token.ToString());
        else if (value is ScalarValue scalar) WriteEscaped(TextOf(scalar.Value, token.Format), output);
        else WriteEscaped(value.ToString(token.Format, CultureInfo.InvariantCulture), output);
    }

    private static string TextOf(object? value, string? format) => value switch
    {
        null => "-",
        IFormattable formattable => formattable.ToString(format, CultureInfo.InvariantCulture),
        _ => value.ToString() ?? "-",
    };
}

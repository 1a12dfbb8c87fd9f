using System.Globalization;
using Serilog.Events;
using Serilog.Formatting;

namespace Webcluster.Node.Logging;

/// <summary>One line for people: "02:34:05.123 warn  text: reason". Only an error brings its stack, indented, below.</summary>
internal sealed class TextLine : ITextFormatter
{
    public void Format(LogEvent logEvent, TextWriter output)
    {
        output.Write(logEvent.Timestamp.ToString("HH:mm:ss.fff", CultureInfo.InvariantCulture));
        output.Write(' ');
        output.Write(Word(logEvent.Level));
        PlainText.WriteMessage(logEvent, output);
        if (logEvent.Exception is { } error)
        {
            output.Write(": ");
            PlainText.WriteEscaped(error.Message, output);
            if (logEvent.Level >= LogEventLevel.Error) WriteStack(error, output);
        }
        output.Write('\n');
    }

    private static void WriteStack(Exception error, TextWriter output)
    {
        foreach (var line in error.ToString().AsSpan().EnumerateLines())
        {
            output.Write("\n    ");
            PlainText.WriteEscaped(line.TrimStart().ToString(), output);
        }
    }

    private static string Word(LogEventLevel level) => level switch
    {
        LogEventLevel.Verbose or LogEventLevel.Debug => "debug ",
        LogEventLevel.Information => "info  ",
        LogEventLevel.Warning => "warn  ",
        LogEventLevel.Error => "error ",
        LogEventLevel.Fatal => "fatal ",
        _ => "?     ",
    };
}

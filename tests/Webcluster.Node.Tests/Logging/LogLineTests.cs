using System.Text.Json;
using Serilog;
using Serilog.Core;
using Serilog.Events;
using Serilog.Formatting;
using Shouldly;
using Webcluster.Node.Logging;
using Xunit;

namespace Webcluster.Node.Tests.Logging;

public class LogLineTests
{
    [Theory]
    [InlineData("plain", "plain")]
    [InlineData("a\r\n220 fake\tb", "a\\r\\n220 fake\\tb")]
    [InlineData("\u001b[31mred\u0007", "\\u001b[31mred\\u0007")]
    [InlineData("\u202eevil\u2028", "\\u202eevil\\u2028")]
    [InlineData("über 日本", "über 日本")]
    [InlineData("", "")]
    public void TextLine_ValueOfAPeer_StaysOnItsLine(string value, string expected) =>
        Lines(new TextLine(), log => log.Information("said {What} in {Took:F0} ms", value, 1.6)).ShouldHaveSingleItem()
            .ShouldMatch(@"^\d\d:\d\d:\d\d\.\d{3} info  " + System.Text.RegularExpressions.Regex.Escape($"said {expected} in 2 ms") + "$");

    [Fact]
    public void TextLine_Warning_NamesTheReasonOnOneLine() =>
        Lines(new TextLine(), log => log.Warning(new IOException("gone\naway"), "lost {Peer}", new object?[] { null }))
            .ShouldHaveSingleItem().ShouldEndWith("warn  lost -: gone\\naway");

    [Fact]
    public void TextLine_Error_BringsTheStackIndented()
    {
        var lines = Lines(new TextLine(), log => log.Error(Thrown(), "broken"));
        lines[0].ShouldEndWith("error broken: no");
        lines[1].ShouldBe("    System.InvalidOperationException: no");
        lines.Skip(1).ShouldAllBe(line => line.StartsWith("    ", StringComparison.Ordinal));
    }

    [Fact]
    public void JsonLine_Event_HasSchemaNamesAndItsValues()
    {
        var line = Lines(new JsonLine(), log => log.ForContext(Constants.SourceContextPropertyName, "Webcluster.X")
            .Warning(Thrown(), "sent {MessageCount} to <{Recipient}> {Ok}", 3, "a\"\r\nb@x", true)).ShouldHaveSingleItem();
        var json = JsonDocument.Parse(line).RootElement;
        json.GetProperty("log.level").GetString().ShouldBe("warning");
        json.GetProperty("message").GetString().ShouldBe("sent 3 to <a\"\\r\\nb@x> True");
        json.GetProperty("log.logger").GetString().ShouldBe("Webcluster.X");
        json.GetProperty("error.type").GetString().ShouldBe("System.InvalidOperationException");
        json.GetProperty("@timestamp").GetDateTime().Kind.ShouldBe(DateTimeKind.Utc);
        var values = json.GetProperty("webcluster");
        values.GetProperty("message_count").GetInt32().ShouldBe(3);
        values.GetProperty("recipient").GetString().ShouldBe("a\"\r\nb@x");
        values.GetProperty("ok").GetBoolean().ShouldBeTrue();
    }

    private static InvalidOperationException Thrown()
    {
        try
        {
            throw new InvalidOperationException("no");
        }
        catch (InvalidOperationException error)
        {
            return error;
        }
    }

    private static List<string> Lines(ITextFormatter formatter, Action<Serilog.ILogger> write)
    {
        var sink = new TextSink(formatter);
        using var log = new LoggerConfiguration().WriteTo.Sink(sink).CreateLogger();
        write(log);
        sink.Output.ToString().ShouldEndWith("\n");
        return [.. sink.Output.ToString().TrimEnd('\n').Split('\n')];
    }

    private sealed class TextSink(ITextFormatter formatter) : ILogEventSink
    {
        public StringWriter Output { get; } = new();

        public void Emit(LogEvent logEvent) => formatter.Format(logEvent, Output);
    }
}

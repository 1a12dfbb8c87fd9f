using Serilog;
using Serilog.Core;
using Serilog.Events;

namespace Webcluster.Node.Logging;

/// <summary>The log of the process: to the console, from a thread of its own, so that a slow terminal slows no mail.</summary>
internal static class ConsoleLog
{
    // Beyond this events are dropped rather than kept: the console is a view, not a record.
    private const int MostWaiting = 20_000;

    public static Logger Create(LogOptions options) => new LoggerConfiguration()
        .MinimumLevel.Is(LevelOf(options.Level))
        // The framework's own chatter; what it warns of is shown.
        .MinimumLevel.Override("Microsoft", options.Level == LogDetail.Debug ? LogEventLevel.Information : LogEventLevel.Warning)
        // It reports a failed start, which the command line says on one line, and a dead loop twice; the second time is Fatal.
        .MinimumLevel.Override("Microsoft.Extensions.Hosting", LogEventLevel.Fatal)
        .WriteTo.Async(
            sink => sink.Console(options.Format == LogFormat.Json ? new JsonLine() : new TextLine()), MostWaiting, blockWhenFull: false)
        .CreateLogger();

    private static LogEventLevel LevelOf(LogDetail level) => level switch
    {
        LogDetail.Debug => LogEventLevel.Debug,
        LogDetail.Information => LogEventLevel.Information,
        LogDetail.Warning => LogEventLevel.Warning,
        LogDetail.Error => LogEventLevel.Error,
        _ => throw new ArgumentOutOfRangeException(nameof(level)),
    };
}

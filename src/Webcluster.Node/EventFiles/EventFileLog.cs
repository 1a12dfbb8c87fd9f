namespace Webcluster.Node.EventFiles;

/// <summary>What event files tell people, and count.</summary>
internal sealed partial class EventFileLog(ILogger<EventFileLog> log, EventFileMetrics metrics)
{
    public EventFileMetrics Metrics => metrics;

    /// <summary>It was written until now.</summary>
    public void Failing(string file, string reason)
    {
        metrics.Fails(file, true);
        LogFailing(file, reason);
    }

    /// <summary>It could not be written until now.</summary>
    /// <param name="dropped">How many events were dropped meanwhile.</param>
    public void Recovered(string file, long dropped)
    {
        metrics.Fails(file, false);
        LogRecovered(file, dropped);
    }

    /// <summary>The node stops, and these could not be written.</summary>
    public void GivenUp(string file, int events)
    {
        metrics.Dropped(file, EventDrop.Stopped, events);
        LogGivenUp(file, events);
    }

    [LoggerMessage(4501, LogLevel.Warning, "event file {File} cannot be written; events wait, as many as there is room for: {Reason}")]
    private partial void LogFailing(string file, string reason);

    [LoggerMessage(4502, LogLevel.Information, "event file {File} is written again; {Dropped} events were dropped meanwhile")]
    private partial void LogRecovered(string file, long dropped);

    [LoggerMessage(4503, LogLevel.Warning, "event file {File}: {Events} events could not be written before the node stopped")]
    private partial void LogGivenUp(string file, int events);

    [LoggerMessage(4504, LogLevel.Information, "event file {File} is rolled; it is {Rolled} now")]
    public partial void Rolled(string file, string rolled);
}

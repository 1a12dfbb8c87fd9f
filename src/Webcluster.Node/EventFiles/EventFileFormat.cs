namespace Webcluster.Node.EventFiles;

/// <summary>What is written for an event (docs/events.md).</summary>
public enum EventFileFormat
{
    /// <summary>A line of JSON in the names of the Elastic Common Schema.</summary>
    Ecs,

    /// <summary>A line of CSV with the columns of PowerMTA's accounting files.</summary>
    Accounting,
}

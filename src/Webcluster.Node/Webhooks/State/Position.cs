namespace Webcluster.Node.Webhooks.State;

/// <summary>A place in the event log.</summary>
internal sealed class Position
{
    /// <summary>Null: before the oldest.</summary>
    public string? Cursor { get; set; }

    /// <summary>Events behind the cursor that are done with already.</summary>
    public HashSet<string> Ahead { get; set; } = new(StringComparer.Ordinal);

    public void MoveTo(string cursor)
    {
        Cursor = cursor;
        Ahead.Clear();
    }
}

namespace Webcluster.Node.Logging;

/// <summary>What the console says.</summary>
public sealed class LogOptions
{
    /// <summary>
    /// "text": one line for people; "json": one object per line, in the names of the Elastic Common Schema. Default text.
    /// </summary>
    public LogFormat Format { get; set; } = LogFormat.Text;

    /// <summary>The least that is shown. Default information.</summary>
    public LogDetail Level { get; set; } = LogDetail.Information;
}

public enum LogFormat { Text, Json }

public enum LogDetail { Debug, Information, Warning, Error }

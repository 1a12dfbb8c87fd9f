namespace Webcluster.Queue.Suppression;

/// <summary>What a suppressed recipient hears at RCPT.</summary>
public enum SuppressionAtRcpt
{
    /// <summary>550 5.1.1: the application knows at once.</summary>
    Refuse,

    /// <summary>250: it is reported as failed, like all that fails later.</summary>
    Accept,
}

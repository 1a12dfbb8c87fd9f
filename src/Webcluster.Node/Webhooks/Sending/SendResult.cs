namespace Webcluster.Node.Webhooks.Sending;

/// <summary>What came of one request.</summary>
/// <param name="Status">Null: nothing was answered.</param>
/// <param name="Error">Null: it was taken.</param>
internal sealed record SendResult(SendVerdict Verdict, int? Status, string? Error, TimeSpan Took)
{
    /// <summary>What the endpoint asks to be left alone for.</summary>
    public TimeSpan? RetryAfter { get; init; }
}

internal enum SendVerdict
{
    /// <summary>2yz.</summary>
    Taken,

    /// <summary>Any other answer.</summary>
    Refused,

    /// <summary>429, 502, 504, or 503 with a time to wait: nothing is wrong with the event.</summary>
    SlowDown,

    /// <summary>410: never again.</summary>
    Gone,

    /// <summary>No connection, or one that broke.</summary>
    Unreachable,

    TimedOut,

    /// <summary>Its host has only addresses that requests must not go to.</summary>
    Forbidden,
}

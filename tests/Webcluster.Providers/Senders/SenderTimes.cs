namespace Webcluster.Providers.Senders;

/// <summary>
/// The waits of a sender, for time that runs faster: it has no clock but the true one, so what its configuration names is divided by the
/// speed.
/// </summary>
internal sealed record SenderTimes(double Speed)
{
    /// <summary>A duration in the form of webcluster.yaml.</summary>
    public string Of(TimeSpan span) => $"{Math.Max(1, (long)(span / Speed).TotalMilliseconds)}ms";

    /// <summary>A duration in whole seconds, as Postfix has them, at least one.</summary>
    public string Seconds(TimeSpan span) => $"{Math.Max(1, (long)Math.Round((span / Speed).TotalSeconds))}s";
}

using Microsoft.Extensions.Logging;

namespace Webcluster.Delivery.Availability;

/// <summary>What people are told of sources: each change once.</summary>
internal sealed partial class SourceLog(ILogger<SourceLog> log)
{
    [LoggerMessage(3031, LogLevel.Warning, "source {Source} is left out on this node: {Reason}")]
    public partial void LeftOut(string source, string reason);

    public void Usable(string source, TimeSpan after) => UsableAgain(source, after.TotalSeconds);

    [LoggerMessage(3032, LogLevel.Information, "source {Source} is usable again, after {Seconds:F0} s")]
    private partial void UsableAgain(string source, double seconds);
}

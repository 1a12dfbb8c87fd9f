using Webcluster.Protocol.Headers;

namespace Webcluster.Node.Simulator;

/// <summary>One mail that the simulator took, with its envelope.</summary>
/// <param name="Tls">"TLSv1.3"; null where the connection was plain.</param>
/// <param name="Sender">"&lt;&gt;" for the null reverse-path.</param>
internal sealed record SimulatedMessage(
    long Id, DateTimeOffset At, string Client, string? Tls, string Sender, IReadOnlyList<string> Recipients, ReadOnlyMemory<byte> Content)
{
    /// <summary>As the header has it, unfolded but not decoded; empty where there is none.</summary>
    public string Subject => HeaderBlock.Scan(Content).FirstValue("Subject"u8) ?? "";
}

using System.Text;
using Microsoft.AspNetCore.Connections;
using Webcluster.Node.Lifecycle;

namespace Webcluster.Node.LoadBalancing;

/// <summary>
/// What HAProxy's agent-check hears (configuration manual, "agent-check"). It reads nothing, so nobody can keep it waiting; the line fits
/// into any socket's buffer.
/// </summary>
internal sealed class AgentCheck(NodeHealth health)
{
    public async Task AnswerAsync(ConnectionContext connection) =>
        await connection.Transport.Output.WriteAsync(Encoding.ASCII.GetBytes(Line()));

    /// <summary>
    /// "up" takes back a "down", and "ready" a "drain": each line says all there is, so that one lost answer is made good by the next. A
    /// node that drains is not down: its open sessions are to come to their end.
    /// </summary>
    public string Line() => health.Phase switch
    {
        NodePhase.Starting => "down #starting\n",
        NodePhase.Draining or NodePhase.Stopping => "drain\n",
        NodePhase.Ready => health.QueueTrouble is { } trouble ? $"down #{trouble}\n" : "up ready\n",
        _ => throw new System.Diagnostics.UnreachableException(),
    };
}

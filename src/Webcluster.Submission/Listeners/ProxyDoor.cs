using System.IO.Pipelines;
using System.Net;
using Microsoft.AspNetCore.Connections;
using Microsoft.Extensions.Logging;
using Webcluster.Protocol.ProxyProtocol;
using Webcluster.Protocol.Smtp;
using Webcluster.Submission.Policy;
using Webcluster.Submission.Sessions;

namespace Webcluster.Submission.Listeners;

/// <summary>
/// Where a listener requires the PROXY protocol: takes the header off the connection before anything else happens on it. It says nothing to
/// the peer, whatever comes. What stands behind the header stays on the connection.
/// </summary>
internal sealed class ProxyDoor(
    SubmissionPolicy policy, ConnectionLimiter limiter, SubmissionMetrics metrics, TimeProvider time, ILogger<ProxyDoor> log)
{
    private readonly ProxyRefusalLog _refusals = new(time, log);

    /// <returns>The client that the header names; null where the connection is to be closed.</returns>
    public async ValueTask<SessionClient?> ReadAsync(ConnectionContext connection, ListenerPolicy listener, CancellationToken stopping)
    {
        var proxy = SessionClient.AddressOf(connection.RemoteEndPoint);
        if (!listener.Proxies!.Contains(proxy)) return Refuse(proxy, listener, ProxyRefusal.Untrusted);
        if (!limiter.TryAwaitHeader()) return Refuse(proxy, listener, ProxyRefusal.TooManyWaiting);
        try
        {
            var (header, refusal) = await ReadAsync(connection.Transport.Input, stopping);
            if (header is null) return Refuse(proxy, listener, refusal);
            metrics.ProxyHeaderTaken(listener.Name, header);
            return SessionClient.Behind(listener, proxy, header);
        }
        finally
        {
            limiter.HeaderAwaited();
        }
    }

    private async ValueTask<(ProxyHeader? Header, ProxyRefusal Refusal)> ReadAsync(PipeReader input, CancellationToken stopping)
    {
        using var timeout = new CancellationTokenSource(policy.Limits.ProxyHeaderTime, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, stopping);
        try
        {
            while (true)
            {
                var result = await input.ReadAsync(either.Token);
                var buffer = result.Buffer;
                var status = ProxyHeaderParser.TryParse(buffer, out var header, out var consumed, out var problem);
                if (status == ParseStatus.Incomplete) input.AdvanceTo(buffer.Start, buffer.End);
                else input.AdvanceTo(buffer.GetPosition(consumed));
                if (status == ParseStatus.Complete) return (header, default);
                if (status == ParseStatus.Rejected) return (null, ProxyRefusals.Of(problem));
                if (result.IsCompleted) return (null, ProxyRefusal.Lost);
            }
        }
        catch (OperationCanceledException)
        {
            return (null, stopping.IsCancellationRequested ? ProxyRefusal.Stopped : ProxyRefusal.TimedOut);
        }
        catch (IOException)
        {
            return (null, ProxyRefusal.Lost);
        }
    }

    private SessionClient? Refuse(IPAddress proxy, ListenerPolicy listener, ProxyRefusal reason)
    {
        metrics.ProxyHeaderRefused(listener.Name, reason);
        if (ProxyRefusals.IsTold(reason)) _refusals.Tell(proxy, listener.Name, reason);
        return null;
    }
}

using System.IO.Pipelines;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Connections.Features;
using Webcluster.Submission.Policy;
using Webcluster.Submission.Replies;
using Webcluster.Submission.Sessions;

namespace Webcluster.Submission.Listeners;

/// <summary>One accepted connection from its first octet to its last: PROXY header, limits, session, orderly end.</summary>
internal sealed class SubmissionConnectionHandler(SessionServices services, ConnectionLimiter limiter, SubmissionGate gate, ProxyDoor door)
{
    private static readonly TimeSpan LingerTime = TimeSpan.FromSeconds(1);

    public async Task RunAsync(ConnectionContext context, ListenerPolicy listener)
    {
        if (await ClientAsync(context, listener) is not { } client) return;
        if (limiter.TryEnter(client) is { } refusal)
        {
            await TurnAwayAsync(context, client, refusal);
            return;
        }

        services.Metrics.ConnectionBegun(listener.Name);
        var end = SessionEnd.Failed;
        var connection = new SmtpConnection(context.Transport, services.Time, services.Policy.Limits.WriteTime);
        try
        {
            await using (connection) end = await RunSessionAsync(context, client, connection);
        }
        finally
        {
            if (connection.IsStalled) context.Abort();
            services.Metrics.ConnectionEnded(listener.Name, connection.Tls, end);
            limiter.Leave(client);
        }

        services.Log.SessionEnded(client.Address, listener.Name, end);
        if (end == SessionEnd.Refused) await LingerAsync(context.Transport.Input);
    }

    private async ValueTask<SessionClient?> ClientAsync(ConnectionContext context, ListenerPolicy listener)
    {
        if (listener.Proxies is null) return SessionClient.Of(listener, context.RemoteEndPoint);
        using var stopping = CancellationTokenSource.CreateLinkedTokenSource(Stopping(context), gate.Aborted);
        return await door.ReadAsync(context, listener, stopping.Token);
    }

    private async Task<SessionEnd> RunSessionAsync(ConnectionContext context, SessionClient client, SmtpConnection connection)
    {
        var guard = new ClosingGuard(context, services.Time, services.Policy.Limits.WriteTime);
        var session = new SmtpSession(connection, client, services);
        await using var cutOff = gate.Aborted.UnsafeRegister(static context => ((ConnectionContext)context!).Abort(), context);
        await using var drain = Stopping(context).UnsafeRegister(static session => ((SmtpSession)session!).Drain(), session);
        gate.Enter(session);
        try
        {
            return await session.RunAsync(gate.Aborted);
        }
        finally
        {
            guard.SessionEnded();
            gate.Leave(session);
        }
    }

    // How the server asks its connections to end when it stops.
    private static CancellationToken Stopping(ConnectionContext context) =>
        context.Features.Get<IConnectionLifetimeNotificationFeature>()?.ConnectionClosedRequested ?? CancellationToken.None;

    private async Task TurnAwayAsync(ConnectionContext context, SessionClient client, ServerReply refusal)
    {
        services.Metrics.ConnectionTurned(client.Listener.Name);
        services.Log.ConnectionTurned(client.Address, client.Listener.Name, refusal);
        // Under implicit TLS the client could not read it.
        if (client.Listener.Tls != ListenerTls.Implicit) await context.Transport.Output.WriteAsync(ServerReplies.Bytes(refusal).ToArray());
    }

    // Closing a socket with unread input resets it, and the client may never see why it was refused.
    private async Task LingerAsync(PipeReader input)
    {
        using var timeout = new CancellationTokenSource(LingerTime, services.Time);
        try
        {
            while (true)
            {
                var result = await input.ReadAsync(timeout.Token);
                input.AdvanceTo(result.Buffer.End);
                if (result.IsCompleted) return;
            }
        }
        catch (Exception error) when (error is OperationCanceledException or IOException)
        {
            // Time is up, or the client is gone: either way the connection may close.
        }
    }
}

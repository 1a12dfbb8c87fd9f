using System.Net;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Webcluster.Submission;
using Webcluster.Submission.Listeners;
using Webcluster.Submission.Tls;

namespace Webcluster.Node.Http;

/// <summary>
/// A listener for the world: its connections reach what is under <see cref="Path"/> and nothing else that the node answers over HTTP.
/// </summary>
internal static class PublicDoor
{
    public const string Path = "/unsubscribe";

    /// <param name="tls">With the node's certificate, which is asked for at each handshake; null: in the clear.</param>
    /// <param name="open">Bounds what strangers hold: a connection that says nothing lives for minutes, and descriptors are few.</param>
    public static void ListenPublic(
        this KestrelServerOptions kestrel, IPEndPoint endpoint, ICertificateSource? tls, OpenConnections open, WayBackMetrics metrics) =>
        kestrel.Listen(endpoint, listen =>
        {
            // Ahead of TLS, whose handshakes cost.
            listen.Use(next => connection => EnterAsync(connection, next, open, metrics));
            if (tls is not null) listen.UseHttps((_, _, _, _) => ValueTask.FromResult(ServerTls.OptionsOf(tls)), state: null!);
            listen.UseEndBehindOctets();
        });

    public static void UsePublicDoor(this WebApplication app) => app.Use((context, next) =>
        context.Features.Get<Entered>() is null || context.Request.Path.StartsWithSegments(Path, StringComparison.OrdinalIgnoreCase)
            ? next(context)
            : context.ProblemAsync(StatusCodes.Status404NotFound, JsonAnswers.NothingHere));

    private static async Task EnterAsync(
        ConnectionContext connection, ConnectionDelegate next, OpenConnections open, WayBackMetrics metrics)
    {
        var client = (connection.RemoteEndPoint as IPEndPoint)?.Address ?? IPAddress.None;
        if (open.TryEnter(client) is not ConnectionBound.None)
        {
            metrics.ConnectionTurned();
            connection.Abort();
            return;
        }

        try
        {
            connection.Features.Set(Entered.Instance);
            await next(connection);
        }
        finally
        {
            open.Leave(client);
        }
    }

    private sealed class Entered
    {
        public static readonly Entered Instance = new();
    }
}

using System.Net;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Webcluster.Submission.Tls;

namespace Webcluster.Node.Http;

/// <summary>
/// A listener for the world: its connections reach what is under <see cref="Path"/> and nothing else that the node answers over HTTP.
/// </summary>
internal static class PublicDoor
{
    public const string Path = "/unsubscribe";

    /// <param name="tls">With the node's certificate, which is asked for at each handshake; null: in the clear.</param>
    public static void ListenPublic(this KestrelServerOptions kestrel, IPEndPoint endpoint, ICertificateSource? tls) =>
        kestrel.Listen(endpoint, listen =>
        {
            listen.Use(next => connection =>
            {
                connection.Features.Set(Entered.Instance);
                return next(connection);
            });
            if (tls is not null) listen.UseHttps((_, _, _, _) => ValueTask.FromResult(ServerTls.OptionsOf(tls)), state: null!);
        });

    public static void UsePublicDoor(this WebApplication app) => app.Use((context, next) =>
        context.Features.Get<Entered>() is null || context.Request.Path.StartsWithSegments(Path, StringComparison.OrdinalIgnoreCase)
            ? next(context)
            : context.ProblemAsync(StatusCodes.Status404NotFound, JsonAnswers.NothingHere));

    private sealed class Entered
    {
        public static readonly Entered Instance = new();
    }
}

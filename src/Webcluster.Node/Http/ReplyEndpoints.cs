using Webcluster.Node.Classification;
using Webcluster.Protocol.Classification;

namespace Webcluster.Node.Http;

/// <summary>What this node was told that neither a rule nor the model was sure of.</summary>
internal static class ReplyEndpoints
{
    public static void MapReplies(this IEndpointRouteBuilder routes) => routes.MapRead("/admin/v1/replies/unsure", ShowAsync);

    private static Task ShowAsync(HttpContext context)
    {
        var unsure = context.RequestServices.GetRequiredService<UnsureReplies>().List(UnsureReplies.Most);
        return context.AnswerAsync(new UnsureRepliesView(
            [.. unsure.Select(reply => new UnsureReplyView(reply.Reply, reply.Guess.Text(), reply.Count, reply.LastSeen))]));
    }
}

internal sealed record UnsureRepliesView(IReadOnlyList<UnsureReplyView> Replies);

/// <param name="Guess">What its codes alone say.</param>
internal sealed record UnsureReplyView(string Reply, string Guess, long Count, DateTimeOffset LastSeen);

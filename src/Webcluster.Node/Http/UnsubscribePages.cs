using System.Net;
using Webcluster.Protocol.Tokens;

namespace Webcluster.Node.Http;

/// <summary>The pages that people see who follow a link: plain, without script, of no use to whoever frames or stores them.</summary>
internal static class UnsubscribePages
{
    /// <summary>The field that the page's button sends.</summary>
    public const string Button = "unsubscribe";

    public static Task AskAsync(HttpContext context, UnsubscribeToken token) => WriteAsync(
        context, StatusCodes.Status200OK, "Unsubscribe", $"""
        <p>{Whose(token)} gets this mail.</p>
        <form method="post"><button name="{Button}" value="yes">Unsubscribe</button></form>
        """);

    public static Task DoneAsync(HttpContext context, UnsubscribeToken token) => WriteAsync(
        context, StatusCodes.Status200OK, "Unsubscribed", $"<p>{Whose(token)} gets no more of this mail. What is on its way may still come.</p>");

    public static Task RefuseAsync(HttpContext context, TokenProblem problem) => problem == TokenProblem.Expired
        ? WriteAsync(context, StatusCodes.Status410Gone, "Link expired", "<p>This link is too old. Use the one in a newer mail.</p>")
        : WriteAsync(
            context, StatusCodes.Status400BadRequest, "Link not valid", "<p>This is no link from a mail, or not all of it. Copy it whole.</p>");

    public static Task NotAskedAsync(HttpContext context) => WriteAsync(
        context, StatusCodes.Status400BadRequest, "Nothing done", "<p>The request did not ask to unsubscribe.</p>");

    public static Task TooManyAsync(HttpContext context) => LaterAsync(
        context, StatusCodes.Status429TooManyRequests, "Too many requests", "<p>Try again in a minute.</p>");

    public static Task UnavailableAsync(HttpContext context) => LaterAsync(
        context, StatusCodes.Status503ServiceUnavailable, "Not now", "<p>This cannot be stored at present. Try again in a minute.</p>");

    private static Task LaterAsync(HttpContext context, int status, string title, string content)
    {
        context.Response.Headers.RetryAfter = "60";
        return WriteAsync(context, status, title, content);
    }

    private static string Whose(UnsubscribeToken token) => token.List.Length == 0
        ? $"<b>{Html(token.Address.ToString())}</b>"
        : $"<b>{Html(token.Address.ToString())}</b> on the list <b>{Html(token.List)}</b>";

    private static string Html(string text) => WebUtility.HtmlEncode(text);

    private static Task WriteAsync(HttpContext context, int status, string title, string content)
    {
        var response = context.Response;
        response.StatusCode = status;
        response.ContentType = "text/html; charset=utf-8";
        response.Headers.CacheControl = "no-store";
        response.Headers.XContentTypeOptions = "nosniff";
        response.Headers.ContentSecurityPolicy =
            "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'";
        response.Headers["Referrer-Policy"] = "no-referrer";
        response.Headers["X-Robots-Tag"] = "noindex";
        return response.WriteAsync($$"""
            <!doctype html>
            <html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>{{title}}</title>
            <style>
            :root { color-scheme: light dark }
            body { font: 16px/1.5 system-ui, sans-serif; margin: 2rem auto; max-width: 34rem; padding: 0 1rem }
            button { font: inherit; padding: .5rem 1rem }
            </style>
            <h1>{{title}}</h1>
            {{content}}

            """, context.RequestAborted);
    }
}

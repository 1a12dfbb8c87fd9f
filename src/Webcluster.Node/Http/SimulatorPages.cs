using System.Globalization;
using System.Net;
using System.Text;
using Webcluster.Node.Simulator;

namespace Webcluster.Node.Http;

/// <summary>
/// What the simulator took: a page, a list as JSON, one message raw. For this machine's users only: not from other hosts, and not
/// for a foreign page in a browser here (a Host that is no loopback name is refused against DNS rebinding).
/// </summary>
internal static class SimulatorPages
{
    private const int MostRows = 100;

    public static void MapSimulator(this IEndpointRouteBuilder routes)
    {
        routes.MapRead("/simulator", Guarded(ShowPageAsync));
        routes.MapRead("/simulator/messages", Guarded(ListAsync));
        routes.MapRead("/simulator/messages/{id:long}", Guarded(ShowMessageAsync));
    }

    private static RequestDelegate Guarded(Func<HttpContext, SimulatorMailbox, Task> show) => context =>
    {
        if (context.RequestServices.GetService<SimulatorMailbox>() is not { } mailbox)
            return context.ProblemAsync(StatusCodes.Status404NotFound, "the simulator is not enabled");
        if (!IsLocal(context)) return context.ProblemAsync(StatusCodes.Status403Forbidden, "only for programs on the node's own machine");
        context.Response.Headers.ContentSecurityPolicy = "default-src 'none'; style-src 'unsafe-inline'";
        context.Response.Headers.CacheControl = "no-store";
        return show(context, mailbox);
    };

    private static bool IsLocal(HttpContext context)
    {
        var host = context.Request.Host.Host.Trim('[', ']');
        return context.Connection.RemoteIpAddress is { } peer && IPAddress.IsLoopback(peer)
            && (host == "localhost" || (IPAddress.TryParse(host, out var address) && IPAddress.IsLoopback(address)));
    }

    private static async Task ListAsync(HttpContext context, SimulatorMailbox mailbox)
    {
        var messages = new List<object>();
        foreach (var message in mailbox.Latest())
        {
            var dkim = await DkimOfAsync(context, message);
            messages.Add(new
            {
                message.Id, message.At, message.Client, message.Tls, message.Sender, message.Recipients, message.Subject, dkim,
                octets = message.Content.Length,
            });
        }
        await context.AnswerAsync(new { taken = mailbox.Taken, messages });
    }

    private static async Task ShowMessageAsync(HttpContext context, SimulatorMailbox mailbox)
    {
        var id = long.Parse((string)context.Request.RouteValues["id"]!, CultureInfo.InvariantCulture);
        if (mailbox.Find(id) is not { } message)
        {
            await context.ProblemAsync(StatusCodes.Status404NotFound, "no such message is kept (any more)");
            return;
        }
        context.Response.ContentType = "text/plain; charset=utf-8";
        await context.Response.BodyWriter.WriteAsync(message.Content, context.RequestAborted);
    }

    private static async Task ShowPageAsync(HttpContext context, SimulatorMailbox mailbox)
    {
        var messages = mailbox.Latest();
        var page = new StringBuilder(4096).Append(Head);
        page.Append(CultureInfo.InvariantCulture, $"<p>{mailbox.Taken} taken, {messages.Count} kept, the newest {MostRows} shown; ");
        page.Append("<a href=\"/simulator/messages\">all as JSON</a>.</p>\n");
        page.Append("<table>\n<tr><th>time<th>from<th>to<th>subject<th>octets<th>tls<th>dkim</tr>\n");
        foreach (var message in messages.Take(MostRows)) AppendRow(page, message, await DkimOfAsync(context, message));
        page.Append("</table>\n");
        context.Response.ContentType = "text/html; charset=utf-8";
        await context.Response.WriteAsync(page.ToString(), context.RequestAborted);
    }

    private static void AppendRow(StringBuilder page, SimulatedMessage message, IReadOnlyList<string> dkim)
    {
        var subject = message.Subject.Length == 0 ? "(no subject)" : message.Subject;
        page.Append(CultureInfo.InvariantCulture, $"<tr><td>{message.At:HH:mm:ss.fff}<td>{Html(message.Sender)}<td>");
        page.AppendJoin("<br>", message.Recipients.Select(Html));
        page.Append(CultureInfo.InvariantCulture, $"<td><a href=\"/simulator/messages/{message.Id}\">{Html(subject)}</a>");
        page.Append(CultureInfo.InvariantCulture, $"<td>{message.Content.Length}<td>{Html(message.Tls ?? "none")}<td>");
        page.AppendJoin("<br>", dkim.Select(Html)).Append("</tr>\n");
    }

    private static ValueTask<IReadOnlyList<string>> DkimOfAsync(HttpContext context, SimulatedMessage message) =>
        context.RequestServices.GetRequiredService<SimulatedDkim>().VerifyAsync(message, context.RequestAborted);

    private static string Html(string text) => WebUtility.HtmlEncode(text);

    private const string Head = """
        <!doctype html>
        <html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>Webcluster simulator</title>
        <style>
        :root { color-scheme: light dark }
        body { font: 15px/1.5 system-ui, sans-serif; margin: 2rem }
        table { border-collapse: collapse; width: 100% }
        th, td { text-align: left; vertical-align: top; overflow-wrap: anywhere }
        th, td { padding: .3rem .8rem .3rem 0; border-bottom: 1px solid #8884 }
        </style>
        <h1>Mail the simulator took</h1>

        """;
}

using System.IO.Pipelines;
using System.Text;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Net.Http.Headers;
using Webcluster.Node.Files;
using Webcluster.Node.Suppression;
using Webcluster.Queue;
using Webcluster.Queue.Suppression;

namespace Webcluster.Node.Http;

/// <summary>The suppression list as files of any length, that come and go as streams.</summary>
internal static class SuppressionTransfers
{
    public const string Csv = "text/csv";
    public const string JsonLines = "application/x-ndjson";

    public static async Task ImportAsync(HttpContext context)
    {
        if (IsCsv(context.Request) is not { } isCsv)
        {
            await context.ProblemAsync(StatusCodes.Status415UnsupportedMediaType, $"Content-Type must be {Csv} or {JsonLines}");
            return;
        }

        if (await SuppressionEndpoints.DefaultsAsync(context) is not { } defaults) return;
        // However long it is, little of it is here at any time.
        if (context.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } size) size.MaxRequestBodySize = null;
        var import = new SuppressionImport(SuppressionEndpoints.Service(context), defaults);
        try
        {
            // Not its own reader: a body that breaks off while some of it is looked at and not taken is a fault to the server.
            if (await import.RunAsync(PipeReader.Create(context.Request.Body), isCsv, context.RequestAborted) is { } refusal)
                await context.ProblemAsync(StatusCodes.Status400BadRequest, $"{refusal}; nothing was taken");
            else
                await context.AnswerAsync(import.Result);
        }
        catch (QueueUnavailableException away)
        {
            var came = import.Result;
            await context.ProblemAsync(
                StatusCodes.Status503ServiceUnavailable,
                $"the queue's store cannot be written: {away.Message}; {came.Added + came.Changed + came.Kept} entries are stored; "
                + "to import the file again changes nothing of these");
        }
        finally
        {
            var came = import.Result;
            SuppressionHttpLog.Imported(Log(context), came.Added, came.Changed, came.Kept, came.Invalid);
        }
    }

    public static async Task ExportAsync(HttpContext context)
    {
        var exported = 0L;
        string? cursor = null;
        do
        {
            if (await SuppressionEndpoints.QueryAsync(context, cursor, SuppressionQuery.MostOnPage) is not { } query) return;
            var page = await SuppressionEndpoints.Service(context).ListAsync(query, context.RequestAborted)
                ?? throw new InvalidOperationException("The list gave a cursor that it does not know.");
            var text = new StringBuilder();
            if (cursor is null)
            {
                context.Response.ContentType = $"{Csv}; charset=utf-8; header=present";
                context.Response.Headers.CacheControl = "no-store";
                CsvLine.Append(text, CsvColumns.Names);
            }

            foreach (var entry in page.Entries) CsvLine.Append(text, CsvColumns.Fields(SuppressionRow.Of(entry)));
            await context.Response.WriteAsync(text.ToString(), context.RequestAborted);
            exported += page.Entries.Count;
            cursor = page.Next;
        }
        while (cursor is not null);
        SuppressionHttpLog.Exported(Log(context), exported);
    }

    /// <returns>Null where it is neither CSV nor JSON lines.</returns>
    private static bool? IsCsv(HttpRequest request)
    {
        if (!MediaTypeHeaderValue.TryParse(request.ContentType, out var type)) return null;
        if (type.MediaType.Equals(Csv, StringComparison.OrdinalIgnoreCase)) return true;
        string[] json = [JsonLines, "application/jsonl", "application/json-lines", "application/jsonlines"];
        return json.Any(name => type.MediaType.Equals(name, StringComparison.OrdinalIgnoreCase)) ? false : null;
    }

    private static ILogger Log(HttpContext context) => context.RequestServices.GetRequiredService<ILogger<SuppressionRow>>();
}

using Webcluster.Node.Suppression;
using Webcluster.Queue.Suppression;

namespace Webcluster.Node.Http;

/// <summary>The suppression list: looked into, added to, removed from, listed. In force on all nodes when the answer comes.</summary>
internal static class SuppressionEndpoints
{
    public const string Path = "/admin/v1/suppressions";
    private const int UsualOnPage = 100;

    public static void MapSuppression(this IEndpointRouteBuilder routes)
    {
        routes.MapRead(Path, ListAsync);
        routes.MapPost(Path, AddAsync);
        routes.MapPost(Path + "/import", SuppressionTransfers.ImportAsync);
        routes.MapRead(Path + "/export", SuppressionTransfers.ExportAsync);
        routes.MapRead(Path + "/{**address}", ShowAsync);
        routes.MapDelete(Path + "/{**address}", RemoveAsync);
    }

    /// <summary>What rows of this request that do not say otherwise have; null after a problem was answered.</summary>
    public static async Task<RowDefaults?> DefaultsAsync(HttpContext context)
    {
        var query = context.Request.Query;
        if (await ReasonAsync(context, SuppressionReason.Manual) is not { } reason) return null;
        var list = Service(context);
        return new RowDefaults(Now(context), (string?)query["tenant"] ?? SuppressionKey.Everybody, reason, list.Expiry, list.KnowsHashes);
    }

    /// <summary>What of the list a request is about; null after a problem was answered.</summary>
    public static async Task<SuppressionQuery?> QueryAsync(HttpContext context, string? cursor, int most)
    {
        var query = context.Request.Query;
        if (string.IsNullOrEmpty(query["reason"])) return new SuppressionQuery(cursor, most, query["tenant"]);
        return await ReasonAsync(context, default) is { } reason ? new SuppressionQuery(cursor, most, query["tenant"], reason) : null;
    }

    public static Suppressions Service(HttpContext context) => context.RequestServices.GetRequiredService<Suppressions>();

    private static async Task ListAsync(HttpContext context)
    {
        var query = context.Request.Query;
        if (await context.LimitAsync(UsualOnPage, SuppressionQuery.MostOnPage) is not { } most) return;
        if (await QueryAsync(context, query["cursor"], most) is not { } asked) return;
        if (await Service(context).ListAsync(asked, context.RequestAborted) is { } page)
            await context.AnswerAsync(new SuppressionList([.. page.Entries.Select(SuppressionView.Of)], page.Next));
        else
            await context.ProblemAsync(StatusCodes.Status400BadRequest, "cursor is none that this list has given");
    }

    private static async Task AddAsync(HttpContext context)
    {
        if (await DefaultsAsync(context) is not { } defaults) return;
        if (await context.ReadAsync<SuppressionRow>(absent: null) is not { } row) return;
        if (row.TryRead(defaults, out var entry) is { } problem)
        {
            await context.ProblemAsync(StatusCodes.Status400BadRequest, problem);
            return;
        }

        var changes = await Service(context).AddAsync([entry], context.RequestAborted);
        var reason = SuppressionReasons.Label(entry.Reason);
        SuppressionHttpLog.Added(Log(context), entry.Key.Address, Whose(entry.Key), reason, changes.Kept > 0);
        // Where another lasts longer, that one is in force.
        var found = await FindAsync(context, entry.Key);
        await context.AnswerAsync(
            SuppressionView.Of(found ?? entry), changes.Kept > 0 ? StatusCodes.Status200OK : StatusCodes.Status201Created);
    }

    private static async Task ShowAsync(HttpContext context)
    {
        if (await KeyAsync(context) is not { } key) return;
        if (await FindAsync(context, key) is { } entry) await context.AnswerAsync(SuppressionView.Of(entry));
        else await NotFoundAsync(context);
    }

    private static async Task RemoveAsync(HttpContext context)
    {
        if (await KeyAsync(context) is not { } key) return;
        if (!await Service(context).RemoveAsync(key, context.RequestAborted))
        {
            await NotFoundAsync(context);
            return;
        }

        SuppressionHttpLog.Removed(Log(context), key.Address, Whose(key));
        context.Response.StatusCode = StatusCodes.Status204NoContent;
    }

    private static Task NotFoundAsync(HttpContext context) =>
        context.ProblemAsync(StatusCodes.Status404NotFound, "the address is not suppressed");

    private static async Task<SuppressionEntry?> FindAsync(HttpContext context, SuppressionKey key) =>
        (await Service(context).FindAsync(key.Tenant, [key.Address], context.RequestAborted))[0];

    private static async Task<SuppressionKey?> KeyAsync(HttpContext context)
    {
        // Of all that is escaped in a path the slash alone is left so.
        var text = ((string?)context.Request.RouteValues["address"] ?? "").Replace("%2F", "/", StringComparison.OrdinalIgnoreCase);
        if (SuppressedAddress.TryParse(text, out var address))
            return new SuppressionKey((string?)context.Request.Query["tenant"] ?? SuppressionKey.Everybody, address);
        await context.ProblemAsync(StatusCodes.Status400BadRequest, $"'{text}' is no mail address");
        return null;
    }

    private static async Task<SuppressionReason?> ReasonAsync(HttpContext context, SuppressionReason otherwise)
    {
        if ((string?)context.Request.Query["reason"] is not { Length: > 0 } given) return otherwise;
        if (SuppressionReasons.TryParse(given, out var reason)) return reason;
        await context.ProblemAsync(StatusCodes.Status400BadRequest, $"'{given}' is no reason of the suppression list");
        return null;
    }

    private static string Whose(SuppressionKey key) => key.Tenant.Length == 0 ? "everybody" : $"tenant {key.Tenant}";

    private static DateTimeOffset Now(HttpContext context) => context.RequestServices.GetRequiredService<TimeProvider>().GetUtcNow();

    private static ILogger Log(HttpContext context) => context.RequestServices.GetRequiredService<ILogger<SuppressionRow>>();
}

internal static partial class SuppressionHttpLog
{
    [LoggerMessage(4110, LogLevel.Information, "suppressed {Address} for {Whose}: {Reason}; there already: {Kept}")]
    public static partial void Added(ILogger log, SuppressedAddress address, string whose, string reason, bool kept);

    [LoggerMessage(4111, LogLevel.Information, "{Address} is suppressed for {Whose} no more")]
    public static partial void Removed(ILogger log, SuppressedAddress address, string whose);

    [LoggerMessage(
        4112, LogLevel.Information, "suppressions imported: {Added} added, {Changed} changed, {Kept} kept, {Invalid} lines invalid")]
    public static partial void Imported(ILogger log, long added, long changed, long kept, long invalid);

    [LoggerMessage(4113, LogLevel.Information, "suppressions exported: {Entries}")]
    public static partial void Exported(ILogger log, long entries);
}

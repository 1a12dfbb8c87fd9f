using Webcluster.Queue.Rules;

namespace Webcluster.Node.Http;

/// <summary>The operators' rules: listed, added, taken away. In force on all nodes when the answer comes.</summary>
internal static class RuleEndpoints
{
    public const string Path = "/admin/v1/rules";
    private const string NotWritten = "the queue cannot be written at present; nothing was changed";

    public static void MapRules(this IEndpointRouteBuilder routes)
    {
        routes.MapRead(Path, ListAsync);
        routes.MapPost(Path, AddAsync);
        routes.MapRead(Path + "/{id}", ShowAsync);
        routes.MapDelete(Path + "/{id}", EndAsync);
    }

    private static async Task ListAsync(HttpContext context)
    {
        var rules = await Rules(context).RulesAsync(context.RequestAborted);
        await context.AnswerAsync(new RuleList([.. rules.Select(RuleView.Of)]));
    }

    private static async Task AddAsync(HttpContext context)
    {
        if (await context.ReadAsync<RuleRequest>(absent: null) is not { } request) return;
        var rule = request.ToRule(context.RequestServices.GetRequiredService<TimeProvider>().GetUtcNow());
        var problems = string.Join("; ", RuleProblems.Of(rule).Select(problem => $"{problem.Field} {problem.Problem}"));
        if (problems.Length > 0)
        {
            await context.ProblemAsync(StatusCodes.Status400BadRequest, problems);
            return;
        }
        switch (await Rules(context).AddRuleAsync(rule, context.RequestAborted))
        {
            case AddRuleResult.Added or AddRuleResult.AlreadyAdded:
                context.Response.Headers.Location = $"{Path}/{rule.Id}";
                await AnswerAsync(context, rule.Id, StatusCodes.Status201Created);
                break;
            case AddRuleResult.TooMany:
                await context.ProblemAsync(StatusCodes.Status409Conflict, "too many rules are in force: take some away first");
                break;
            case AddRuleResult.Unavailable:
                await context.ProblemAsync(StatusCodes.Status503ServiceUnavailable, NotWritten);
                break;
        }
    }

    private static Task ShowAsync(HttpContext context) =>
        RuleId.TryParse((string?)context.Request.RouteValues["id"], out var id)
            ? AnswerAsync(context, id, StatusCodes.Status200OK)
            : context.ProblemAsync(StatusCodes.Status400BadRequest, "the id of a rule is a UUID");

    private static async Task EndAsync(HttpContext context)
    {
        if (!RuleId.TryParse((string?)context.Request.RouteValues["id"], out var id))
        {
            await context.ProblemAsync(StatusCodes.Status400BadRequest, "the id of a rule is a UUID");
            return;
        }
        switch (await Rules(context).EndRuleAsync(id, context.RequestAborted))
        {
            case EndRuleResult.Ended:
                context.Response.StatusCode = StatusCodes.Status204NoContent;
                break;
            case EndRuleResult.Unknown:
                await NotFoundAsync(context);
                break;
            case EndRuleResult.Unavailable:
                await context.ProblemAsync(StatusCodes.Status503ServiceUnavailable, NotWritten);
                break;
        }
    }

    private static async Task AnswerAsync(HttpContext context, RuleId id, int status)
    {
        var rules = await Rules(context).RulesAsync(context.RequestAborted);
        if (rules.FirstOrDefault(rule => rule.Rule.Id == id) is { } found) await context.AnswerAsync(RuleView.Of(found), status);
        else await NotFoundAsync(context);
    }

    private static Task NotFoundAsync(HttpContext context) =>
        context.ProblemAsync(StatusCodes.Status404NotFound, "there is no such rule (any more)");

    private static IQueueRules Rules(HttpContext context) => context.RequestServices.GetRequiredService<IQueueRules>();
}

namespace Webcluster.Node.Http;

/// <summary>Lets nobody pass to /admin/ without the token; endpoints there need not think of it.</summary>
internal static class AdminGuard
{
    private const string Scheme = "Bearer ";

    public static void UseAdminToken(this WebApplication app)
    {
        var token = app.Services.GetRequiredService<AdminToken>();
        app.Use((context, next) => IsGuarded(context.Request) && !IsAllowed(context.Request, token) ? RefuseAsync(context) : next(context));
    }

    private static bool IsGuarded(HttpRequest request) => request.Path.StartsWithSegments("/admin", StringComparison.OrdinalIgnoreCase);

    private static bool IsAllowed(HttpRequest request, AdminToken token) =>
        request.Headers.Authorization is [{ } given] && given.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase)
        && token.Matches(given[Scheme.Length..].Trim());

    private static Task RefuseAsync(HttpContext context)
    {
        context.Response.Headers.WWWAuthenticate = "Bearer";
        return context.ProblemAsync(
            StatusCodes.Status401Unauthorized, "needs the token of admin.token_file as Authorization: Bearer TOKEN");
    }
}

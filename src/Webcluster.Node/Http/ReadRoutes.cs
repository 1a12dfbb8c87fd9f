namespace Webcluster.Node.Http;

internal static class ReadRoutes
{
    private static readonly string[] Methods = [HttpMethods.Get, HttpMethods.Head];

    /// <summary>Maps what only reads: HEAD asks for the same without the body (RFC 9110 §9.3.2), which Kestrel leaves away.</summary>
    public static void MapRead(this IEndpointRouteBuilder routes, string path, RequestDelegate answer) =>
        routes.MapMethods(path, Methods, answer);
}

using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Webcluster.EndToEnd.TransportSecurity;

/// <summary>A web server (Kestrel) with the MTA-STS policies of some domains, and a place that takes TLS reports.</summary>
internal sealed class PolicyServer : IAsyncDisposable
{
    private readonly WebApplication _web;
    private readonly List<byte[]> _reports = [];

    private PolicyServer(WebApplication web, int port) => (_web, Port) = (web, port);

    public int Port { get; }

    /// <summary>What was posted, as it came.</summary>
    public IReadOnlyList<byte[]> Reports
    {
        get
        {
            lock (_reports) return [.. _reports];
        }
    }

    /// <param name="policies">By domain.</param>
    public static async Task<PolicyServer> StartAsync(IssuedCertificate certificate, IReadOnlyDictionary<string, string> policies)
    {
        var port = Ports.Free();
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        using var pair = X509Certificate2.CreateFromPem(certificate.Pem, certificate.KeyPem);
        var shown = X509CertificateLoader.LoadPkcs12(pair.Export(X509ContentType.Pkcs12), null);
        builder.WebHost.UseKestrelHttpsConfiguration().ConfigureKestrel(kestrel => kestrel.ListenLocalhost(port, listen => listen.UseHttps(shown)));
        var server = new PolicyServer(builder.Build(), port);
        server._web.MapGet("/.well-known/mta-sts.txt", (HttpContext context) =>
            policies.TryGetValue(context.Request.Host.Host.Replace("mta-sts.", "", StringComparison.Ordinal), out var policy)
                ? Results.Text(policy, "text/plain")
                : Results.NotFound());
        server._web.MapPost("/reports", async (HttpContext context) =>
        {
            using var body = new MemoryStream();
            await context.Request.Body.CopyToAsync(body);
            lock (server._reports) server._reports.Add(body.ToArray());
        });
        await server._web.StartAsync();
        return server;
    }

    public ValueTask DisposeAsync() => _web.DisposeAsync();
}

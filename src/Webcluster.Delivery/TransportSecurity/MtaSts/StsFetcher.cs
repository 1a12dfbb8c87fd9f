using System.Net;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Text;
using Webcluster.Delivery.TransportSecurity.TlsReporting;

namespace Webcluster.Delivery.TransportSecurity.MtaSts;

/// <summary>Fetches policies over HTTPS (RFC 8461 §3.3): no redirect, 64 KiB, one time-out for all of it.</summary>
internal sealed class StsFetcher : IStsFetcher, IDisposable
{
    private readonly MtaStsOptions _options;
    private readonly TimeProvider _time;
    private readonly HttpClient _http;

    public StsFetcher(GuardedHttp http, MtaStsOptions options, TimeProvider time)
    {
        (_options, _time) = (options, time);
        var hosts = new Dictionary<string, IPEndPoint>(StringComparer.OrdinalIgnoreCase);
        foreach (var host in options.Hosts)
            if (MtaStsOptions.TryParseHost(host, out var name, out var endPoint))
                hosts[name] = endPoint;
        _http = http.Create(hosts);
    }

    public async Task<StsFetch> FetchAsync(string domain, CancellationToken cancellation)
    {
        using var timeout = new CancellationTokenSource(_options.Timeout, _time);
        using var bound = CancellationTokenSource.CreateLinkedTokenSource(cancellation, timeout.Token);
        try
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, $"https://mta-sts.{domain}/.well-known/mta-sts.txt");
            using var response = await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, bound.Token);
            if (response.StatusCode != HttpStatusCode.OK) return Failed(TlsResult.StsPolicyFetchError, $"HTTP {(int)response.StatusCode}");
            if (response.Content.Headers.ContentType?.MediaType is not "text/plain")
                return Failed(TlsResult.StsPolicyInvalid, "it is not text/plain");
            if (await ReadAsync(response.Content, bound.Token) is not { } text) return Failed(TlsResult.StsPolicyInvalid, "it is too long");
            return StsPolicyParser.TryParse(text, out var policy, out var problem)
                ? new StsFetch(policy, TlsResult.Success, "")
                : Failed(TlsResult.StsPolicyInvalid, problem);
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            return Failed(TlsResult.StsPolicyFetchError, "timed out");
        }
        catch (HttpRequestException failure) when (failure.InnerException is AuthenticationException inner)
        {
            return Failed(TlsResult.StsWebpkiInvalid, inner.Message);
        }
        catch (Exception failure) when (failure is HttpRequestException or IOException or SocketException or UriFormatException)
        {
            return Failed(TlsResult.StsPolicyFetchError, failure.Message);
        }
    }

    public void Dispose() => _http.Dispose();

    private static StsFetch Failed(TlsResult result, string detail) => new(null, result, detail);

    private static async Task<string?> ReadAsync(HttpContent content, CancellationToken cancellation)
    {
        await using var stream = await content.ReadAsStreamAsync(cancellation);
        var octets = new byte[StsPolicyParser.MostOctets + 1];
        var length = await stream.ReadAtLeastAsync(octets, octets.Length, throwOnEndOfStream: false, cancellation);
        return length > StsPolicyParser.MostOctets ? null : Encoding.UTF8.GetString(octets, 0, length);
    }
}

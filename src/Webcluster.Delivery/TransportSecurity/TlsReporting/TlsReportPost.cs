using System.Net.Http.Headers;

namespace Webcluster.Delivery.TransportSecurity.TlsReporting;

/// <summary>Posts reports (RFC 8460 §5.4).</summary>
internal sealed class TlsReportPost(GuardedHttp http, TimeProvider time) : IDisposable
{
    private static readonly TimeSpan Most = TimeSpan.FromSeconds(30);

    private readonly HttpClient _http = http.Create(new Dictionary<string, System.Net.IPEndPoint>());

    /// <returns>Null where it was taken, else why not.</returns>
    public async Task<string?> SendAsync(TlsReport report, Uri to, CancellationToken cancellation)
    {
        using var timeout = new CancellationTokenSource(Most, time);
        using var bound = CancellationTokenSource.CreateLinkedTokenSource(cancellation, timeout.Token);
        try
        {
            using var content = new ByteArrayContent(report.Compressed());
            content.Headers.ContentType = new MediaTypeHeaderValue("application/tlsrpt+gzip");
            using var request = new HttpRequestMessage(HttpMethod.Post, to) { Content = content };
            using var response = await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, bound.Token);
            return response.IsSuccessStatusCode ? null : $"HTTP {(int)response.StatusCode}";
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            return "timed out";
        }
        catch (Exception failure) when (failure is HttpRequestException or IOException or UriFormatException)
        {
            return failure.Message;
        }
    }

    public void Dispose() => _http.Dispose();
}

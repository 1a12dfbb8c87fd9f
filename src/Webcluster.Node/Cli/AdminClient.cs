using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using Webcluster.Node.Http;

namespace Webcluster.Node.Cli;

/// <summary>Asks a running node's administration.</summary>
internal sealed class AdminClient : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private readonly HttpClient _http;

    public AdminClient(Uri address, string token)
    {
        _http = new HttpClient { BaseAddress = address, Timeout = Patience };
        _http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
    }

    /// <summary>Where a listener is reached from this machine.</summary>
    public static string UrlOf(string listen)
    {
        if (!Endpoints.TryParse(listen, out var endpoint)) return listen;
        if (endpoint.Address.Equals(IPAddress.Any)) endpoint.Address = IPAddress.Loopback;
        // A listener on all IPv6 addresses takes IPv4 too, which every machine has.
        if (endpoint.Address.Equals(IPAddress.IPv6Any)) endpoint.Address = IPAddress.Loopback;
        return $"http://{endpoint}";
    }

    public void Dispose() => _http.Dispose();

    /// <exception cref="HttpRequestException">The node is not reached, or refuses; the message says why.</exception>
    public async Task<T> GetAsync<T>(string path, CancellationToken cancellation) =>
        await ReadAsync<T>(_http.GetAsync(path, cancellation), cancellation);

    /// <inheritdoc cref="GetAsync"/>
    public async Task<T> PostAsync<T>(string path, object? body, CancellationToken cancellation) =>
        await ReadAsync<T>(_http.PostAsync(path, body is null ? null : JsonContent.Create(body), cancellation), cancellation);

    /// <inheritdoc cref="GetAsync"/>
    public async Task<T> PutAsync<T>(string path, object body, CancellationToken cancellation) =>
        await ReadAsync<T>(_http.PutAsync(path, JsonContent.Create(body), cancellation), cancellation);

    private static async Task<T> ReadAsync<T>(Task<HttpResponseMessage> asked, CancellationToken cancellation)
    {
        try
        {
            using var answer = await asked;
            var text = await answer.Content.ReadAsStringAsync(cancellation);
            if (!answer.IsSuccessStatusCode)
                throw new HttpRequestException($"{(int)answer.StatusCode} {Detail(text) ?? answer.ReasonPhrase}");
            return JsonAnswers.Read<T>(text) ?? throw new HttpRequestException("it answered nothing");
        }
        catch (JsonException error)
        {
            throw new HttpRequestException("what answers is no node of this version", error);
        }
        catch (TaskCanceledException late) when (!cancellation.IsCancellationRequested)
        {
            throw new HttpRequestException($"no answer in {Patience.TotalSeconds} s", late);
        }
    }

    private static string? Detail(string problem)
    {
        try
        {
            using var json = JsonDocument.Parse(problem);
            return json.RootElement.TryGetProperty("detail", out var detail) ? detail.GetString() : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}

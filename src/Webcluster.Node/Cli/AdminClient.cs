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
        // The token is for the node alone: no proxy that the environment names is asked.
        _http = new HttpClient(new SocketsHttpHandler { UseProxy = false })
        {
            // A proxy may have the node below a path of its own. Answers are waited for with patience, files as long as they take.
            BaseAddress = new Uri(address.GetLeftPart(UriPartial.Path).TrimEnd('/') + '/'), Timeout = Timeout.InfiniteTimeSpan,
        };
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

    /// <exception cref="NothingFoundException">The node knows no such thing.</exception>
    /// <exception cref="HttpRequestException">The node is not reached, or refuses; the message says why.</exception>
    public Task<T> GetAsync<T>(string path, CancellationToken cancellation) => AskAsync<T>(HttpMethod.Get, path, null, cancellation);

    /// <inheritdoc cref="GetAsync"/>
    public Task<T> PostAsync<T>(string path, object? body, CancellationToken cancellation) =>
        AskAsync<T>(HttpMethod.Post, path, body, cancellation);

    /// <inheritdoc cref="GetAsync"/>
    public Task<T> PutAsync<T>(string path, object body, CancellationToken cancellation) =>
        AskAsync<T>(HttpMethod.Put, path, body, cancellation);

    /// <inheritdoc cref="GetAsync"/>
    public async Task DeleteAsync(string path, CancellationToken cancellation)
    {
        using var request = Request(HttpMethod.Delete, path);
        await SendAsync(request, static (_, _) => Task.FromResult(true), Patience, cancellation);
    }

    /// <inheritdoc cref="GetAsync"/>
    public async Task<T> UploadAsync<T>(string path, Stream content, string type, CancellationToken cancellation)
    {
        using var request = Request(HttpMethod.Post, path, new StreamContent(content));
        request.Content!.Headers.ContentType = new MediaTypeHeaderValue(type);
        return await SendAsync(request, ReadAsync<T>, Timeout.InfiniteTimeSpan, cancellation);
    }

    /// <inheritdoc cref="GetAsync"/>
    public async Task DownloadAsync(string path, TextWriter to, CancellationToken cancellation)
    {
        using var request = Request(HttpMethod.Get, path);
        await SendAsync(request, async (content, stop) =>
        {
            using var text = new StreamReader(await content.ReadAsStreamAsync(stop));
            var buffer = new char[8192];
            for (int count; (count = await text.ReadAsync(buffer, stop)) > 0;) await to.WriteAsync(buffer.AsMemory(0, count), stop);
            return true;
        }, Timeout.InfiniteTimeSpan, cancellation);
    }

    /// <param name="path">From the root of what the node answers.</param>
    private static HttpRequestMessage Request(HttpMethod method, string path, HttpContent? content = null) =>
        new(method, path.TrimStart('/')) { Content = content };

    private async Task<T> AskAsync<T>(HttpMethod method, string path, object? body, CancellationToken cancellation)
    {
        using var request = Request(method, path, body is null ? null : JsonContent.Create(body));
        return await SendAsync(request, ReadAsync<T>, Patience, cancellation);
    }

    private async Task<T> SendAsync<T>(
        HttpRequestMessage request, Func<HttpContent, CancellationToken, Task<T>> read, TimeSpan patience, CancellationToken cancellation)
    {
        using var bound = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        bound.CancelAfter(patience);
        try
        {
            using var answer = await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, bound.Token);
            if (answer.IsSuccessStatusCode) return await read(answer.Content, bound.Token);
            var detail = await DetailAsync(answer.Content, bound.Token);
            // Anybody who is asked by mistake says 404; what there is not is the node's to say.
            if (answer.StatusCode == HttpStatusCode.NotFound && detail is not null and not JsonAnswers.NothingHere)
                throw new NothingFoundException(detail);
            throw new HttpRequestException($"{(int)answer.StatusCode} {detail ?? answer.ReasonPhrase}", null, answer.StatusCode);
        }
        catch (JsonException error)
        {
            throw new HttpRequestException("what answers is no node of this version", error);
        }
        catch (OperationCanceledException late) when (!cancellation.IsCancellationRequested)
        {
            throw new HttpRequestException($"no answer in {patience.TotalSeconds} s", late);
        }
    }

    private static async Task<T> ReadAsync<T>(HttpContent content, CancellationToken cancellation) =>
        JsonAnswers.Read<T>(await content.ReadAsStringAsync(cancellation)) ?? throw new HttpRequestException("it answered nothing");

    /// <returns>Null where what answers is no node.</returns>
    private static async Task<string?> DetailAsync(HttpContent content, CancellationToken cancellation)
    {
        if (content.Headers.ContentType?.MediaType != JsonAnswers.ProblemType) return null;
        try
        {
            return JsonAnswers.Read<Problem>(await content.ReadAsStringAsync(cancellation))?.Detail;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private sealed record Problem(string? Detail);
}

/// <summary>The node that was asked knows nothing of the kind.</summary>
internal sealed class NothingFoundException(string message) : HttpRequestException(message, null, HttpStatusCode.NotFound);

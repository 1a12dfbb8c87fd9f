using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using Webcluster.EndToEnd.Harness;

namespace Webcluster.EndToEnd.Rules;

/// <summary>An operator at a node's admin HTTP, with its token.</summary>
internal sealed class RulesClient : IDisposable
{
    private readonly HttpClient _http;

    public RulesClient(NodeSettings settings, TemporaryFolder folder)
    {
        _http = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{settings.HttpPort}"), Timeout = TimeSpan.FromSeconds(10) };
        var token = File.ReadAllText(folder.PathOf("node/state/admin-token")).Trim();
        _http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
    }

    /// <returns>The rule as it was answered.</returns>
    public async Task<JsonElement> AddAsync(object rule)
    {
        using var answer = await _http.PostAsJsonAsync("/admin/v1/rules", rule);
        return answer.StatusCode == HttpStatusCode.Created
            ? await answer.Content.ReadFromJsonAsync<JsonElement>()
            : throw new InvalidOperationException($"{answer.StatusCode}: {await answer.Content.ReadAsStringAsync()}");
    }

    public async Task<IReadOnlyList<JsonElement>> ListAsync() =>
        [.. (await _http.GetFromJsonAsync<JsonElement>("/admin/v1/rules")).GetProperty("rules").EnumerateArray()];

    /// <summary>Adds a rule and waits until it has been carried out.</summary>
    public async Task<JsonElement> CarryOutAsync(object rule)
    {
        var id = (await AddAsync(rule)).GetProperty("id").GetString();
        for (var i = 0; i < 200; i++)
        {
            var now = await _http.GetFromJsonAsync<JsonElement>($"/admin/v1/rules/{id}");
            if (now.GetProperty("state").GetString() == "done") return now;
            await Task.Delay(50);
        }

        throw new TimeoutException($"rule {id} is not carried out");
    }

    public async Task EndAsync(JsonElement rule) => (await _http.DeleteAsync($"/admin/v1/rules/{rule.GetProperty("id").GetString()}")).EnsureSuccessStatusCode();

    public async Task<JsonElement> GetAsync(string path) => await _http.GetFromJsonAsync<JsonElement>(path);

    public void Dispose() => _http.Dispose();
}

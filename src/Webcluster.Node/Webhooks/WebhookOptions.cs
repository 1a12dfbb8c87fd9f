using System.Net;
using Webcluster.Node.Webhooks.Signing;
using Webcluster.Queue.Events;
using Webcluster.Queue.Lanes;

namespace Webcluster.Node.Webhooks;

/// <summary>
/// A place that is told of events as they happen, by signed HTTP requests (Standard Webhooks); the same on all nodes, one of which sends.
/// See operations/webhooks.md.
/// </summary>
public sealed class WebhookOptions
{
    public const int MostBatch = 100;

    /// <summary>Stands in metrics, logs and commands, and in the store for how far it is: 1 to 64 of a-z, 0-9, '.', '_', '-'.</summary>
    public string Name { get; set; } = "";

    /// <summary>Where events are posted to: https://..., or http://... in a network that is trusted.</summary>
    public string Url { get; set; } = "";

    /// <summary>Only events of this tenant's mail. Empty: all events.</summary>
    public string Tenant { get; set; } = "";

    /// <summary>Only these kinds. None: all.</summary>
    public List<MailEventKind> Events { get; set; } = [];

    /// <summary>
    /// What signs: "whsec_..." itself, or a file that holds it. Two while one takes the other's place: requests carry a signature of each.
    /// Make one with `webcluster webhook secret`.
    /// </summary>
    public List<string> Secrets { get; set; } = [];

    /// <summary>
    /// Events in one request at most. 1: each request is one event; more: each is a list of events. Default 1, at most 100.
    /// </summary>
    public int Batch { get; set; } = 1;

    /// <summary>Header fields that go along with every request.</summary>
    public List<WebhookHeaderOptions> Headers { get; set; } = [];

    /// <summary>How long a request may take. Default 15s.</summary>
    public TimeSpan Timeout { get; set; } = TimeSpan.FromSeconds(15);

    /// <summary>
    /// Networks (CIDR) that the URL's host may be in although they are private, loopback or otherwise not of the Internet.
    /// </summary>
    public List<string> AllowPrivate { get; set; } = [];

    /// <summary>It is sent nothing, and goes on where it stopped once this is taken away.</summary>
    public bool Disabled { get; set; }

    public IEnumerable<(string Key, string Problem)> Problems()
    {
        if (!PoolName.IsName(Name)) yield return ("name", $"must be {PoolName.Expected}");
        if (UrlProblem() is { } wrong) yield return ("url", wrong);
        if (Secrets.Count is < 1 or > 2) yield return ("secrets", "must be one, or two while one takes the other's place");
        for (var i = 0; i < Secrets.Count; i++)
            if (!IsFile(Secrets[i]) && WebhookSecret.Parse(Secrets[i]) is null)
                yield return ($"secrets[{i}]", $"is no secret: {WebhookSecret.Expected}");
        if (Batch is < 1 or > MostBatch) yield return ("batch", $"must be 1 to {MostBatch}");
        if (Timeout < TimeSpan.FromSeconds(1) || Timeout > TimeSpan.FromMinutes(1)) yield return ("timeout", "must be 1s to 1m");
        foreach (var network in AllowPrivate)
            if (!IPNetwork.TryParse(network, out _))
                yield return ("allow_private", $"'{network}' is no network such as 10.0.0.0/8");
        foreach (var (index, header) in Headers.Index())
            foreach (var (key, problem) in header.Problems())
                yield return ($"headers[{index}].{key}", problem);
    }

    /// <summary>What is wrong with several endpoints beside each other.</summary>
    internal static IEnumerable<(string Key, string Problem)> SharedProblems(IReadOnlyList<WebhookOptions> all)
    {
        var names = new HashSet<string>(StringComparer.Ordinal);
        foreach (var (index, one) in all.Index())
            if (!names.Add(one.Name) && one.Name.Length > 0)
                yield return ($"webhooks[{index}].name", $"there is another endpoint '{one.Name}'");
    }

    /// <summary>Of the files it names.</summary>
    internal IEnumerable<(string Key, string Problem)> FileProblems()
    {
        for (var i = 0; i < Secrets.Count; i++)
            if (IsFile(Secrets[i]) && SecretFileProblem(Secrets[i]) is { } problem)
                yield return ($"secrets[{i}]", problem);
        for (var i = 0; i < Headers.Count; i++)
            if (Headers[i].FileProblem() is { } problem)
                yield return ($"headers[{i}].value_file", problem);
    }

    /// <param name="whole">Makes a path whole.</param>
    internal void ResolveFiles(Func<string, string> whole)
    {
        Secrets = [.. Secrets.Select(secret => IsFile(secret) ? whole(secret) : secret)];
        foreach (var header in Headers) header.ValueFile = whole(header.ValueFile);
    }

    /// <exception cref="IOException">A file cannot be read any more, or holds no secret; the configuration was checked before.</exception>
    internal IReadOnlyList<WebhookSecret> ReadSecrets() => [.. Secrets.Select(Read)];

    private static WebhookSecret Read(string secret) => WebhookSecret.Parse(IsFile(secret) ? ReadFile(secret) : secret)
        ?? throw new IOException($"{secret} does not hold a secret any more");

    private static bool IsFile(string secret) => !secret.StartsWith(WebhookSecret.Prefix, StringComparison.Ordinal);

    private static string ReadFile(string file) => File.ReadAllText(file).Trim();

    private static string? SecretFileProblem(string file)
    {
        try
        {
            return WebhookSecret.Parse(ReadFile(file)) is null ? $"{file} does not hold a secret: {WebhookSecret.Expected}" : null;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or ArgumentException)
        {
            return $"'{file}' cannot be read: {error.Message}";
        }
    }

    private string? UrlProblem()
    {
        if (!Uri.TryCreate(Url, UriKind.Absolute, out var url) || url.Scheme is not ("https" or "http") || url.Host.Length == 0)
            return $"'{Url}' is no address such as https://hooks.example.com/mail";
        return url.UserInfo.Length > 0 ? "must name no user or password; put them into headers" : null;
    }
}

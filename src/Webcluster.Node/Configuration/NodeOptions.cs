using Webcluster.Delivery;
using Webcluster.Delivery.Dns;
using Webcluster.Delivery.Pools;
using Webcluster.Delivery.Providers;
using Webcluster.Delivery.Sources;
using Webcluster.Delivery.TransportSecurity;
using Webcluster.Node.Classification;
using Webcluster.Node.Dkim;
using Webcluster.Node.EventFiles;
using Webcluster.Node.Http;
using Webcluster.Node.Lifecycle;
using Webcluster.Node.LoadBalancing;
using Webcluster.Node.Logging;
using Webcluster.Node.Providers;
using Webcluster.Node.Simulator;
using Webcluster.Node.Tls;
using Webcluster.Node.Webhooks;
using Webcluster.Protocol.Addresses;
using Webcluster.Queue.Lanes;
using Webcluster.Queue.Suppression;
using Webcluster.Submission.Policy;
using Webcluster.Submission.Returns;
using Webcluster.Submission.Unsubscribing;
using RouteOptions = Webcluster.Delivery.Routing.RouteOptions;

namespace Webcluster.Node.Configuration;

/// <summary>The whole of webcluster.yaml.</summary>
public sealed class NodeOptions
{
    public ProcessOptions Node { get; set; } = new();

    public LogOptions Log { get; set; } = new();

    public HttpOptions Http { get; set; } = new();

    public AdminOptions Admin { get; set; } = new();

    public AgentCheckOptions AgentCheck { get; set; } = new();

    public TlsOptions Tls { get; set; } = new();

    public SubmissionOptions Submission { get; set; } = new();

    public QueueOptions Queue { get; set; } = new();

    public SuppressionOptions Suppression { get; set; } = new();

    public EventsOptions Events { get; set; } = new();

    public ClassificationOptions Classification { get; set; } = new();

    public DnsOptions Dns { get; set; } = new();

    public DeliveryOptions Delivery { get; set; } = new();

    /// <summary>Where mail goes instead of to the MX hosts of its domain. The first that matches is taken.</summary>
    public List<RouteOptions> Routes { get; set; } = [];

    /// <summary>Providers, over what the catalogue knows of them (docs/operations/limits.md).</summary>
    public List<ProviderOptions> Providers { get; set; } = [];

    /// <summary>Limits for some of the traffic, over what providers say.</summary>
    public List<TrafficOptions> Traffic { get; set; } = [];

    /// <summary>What mail leaves from. None: the system chooses the address.</summary>
    public List<SourceOptions> Sources { get; set; } = [];

    /// <summary>Sources that share a kind of mail. None: all sources alike, as the pool "default".</summary>
    public List<PoolOptions> Pools { get; set; } = [];

    /// <summary>Which mail goes to which pool. The first that matches is taken.</summary>
    public List<PoolRuleOptions> PoolRules { get; set; } = [];

    internal EgressOptions Egress => new(Sources, Pools, PoolRules);

    /// <summary>The keys that sign mail.</summary>
    public List<DkimKeyOptions> Dkim { get; set; } = [];

    /// <summary>Who is told of events.</summary>
    public List<WebhookOptions> Webhooks { get; set; } = [];

    /// <summary>Where events are written.</summary>
    public List<EventFileOptions> EventFiles { get; set; } = [];

    public ReturnPathOptions ReturnPath { get; set; } = new();

    public UnsubscribeOptions Unsubscribe { get; set; } = new();

    public SimulatorOptions Simulator { get; set; } = new();

    /// <summary>All values that are impossible or do not fit together, by their whole keys. Looks at no files.</summary>
    public IEnumerable<(string Key, string Problem)> Problems() =>
    [
        .. Under("node", Node.Problems()),
        .. Under("http", Http.Problems()),
        .. Under("agent_check", AgentCheck.Problems()),
        .. Under("tls", Tls.Problems()),
        .. Under("submission", SubmissionProblems()),
        .. Under("queue", Queue.Problems()),
        .. Under("suppression", Suppression.Problems()),
        .. Under("events", Events.Problems()),
        .. Under("classification", Classification.Problems()),
        .. Under("dns", Dns.Problems()),
        .. Under("delivery", Delivery.Problems()),
        .. Each("routes", Routes, route => route.Problems()),
        .. new ProviderLint(ToProviders(), ToSurroundings()).Problems(),
        .. Egress.Problems(),
        .. SeveralSources(),
        .. Each("dkim", Dkim, key => key.Problems()),
        .. Each("webhooks", Webhooks, webhook => webhook.Problems()),
        .. WebhookOptions.SharedProblems(Webhooks),
        .. Each("event_files", EventFiles, file => file.Problems()),
        .. EventFileOptions.SharedProblems(EventFiles),
        .. Under("return_path", ReturnPath.Problems()),
        .. Under("unsubscribe", [.. Unsubscribe.Problems(), .. UnsubscribeListener()]),
        .. Under("simulator", Simulator.Problems()),
    ];

    /// <summary>Gives the node's name the form in which it is sent, and what is called like the node unless it is given, that name.</summary>
    internal void SettleNames()
    {
        if (DomainName.TryNormalize(Node.Name, out var name)) Node.Name = name;
        if (Submission.HostName.Length == 0) Submission.HostName = Node.Name;
    }

    internal ProviderSetup ToProviders() => new(
        ProviderCatalogueFile.Read(), Providers, Traffic,
        new ProviderDefaults(Queue.SiteConnections, Queue.MessagesPerConnection, Delivery.Tls));

    /// <summary>What limits may name besides providers.</summary>
    internal ProviderSurroundings ToSurroundings() => new(
        [.. Routes.Select(route => route.Match.ToLowerInvariant())],
        [.. Sources.Select(source => source.Name)],
        [PoolName.Default, .. Pools.Select(pool => pool.Name)]);

    /// <summary>Those that are given, by their whole keys.</summary>
    internal IEnumerable<(string Key, ClientCertificateOptions Shown)> ClientCertificates()
    {
        IEnumerable<(string Section, ClientCertificateOptions? Shown)> all =
        [
            ("delivery", Delivery.ClientCertificate),
            .. Routes.Index().Select(entry => ($"routes[{entry.Index}]", entry.Item.ClientCertificate)),
            .. Providers.Index().Select(entry => ($"providers[{entry.Index}]", entry.Item.ClientCertificate)),
            .. Traffic.Index().Select(entry => ($"traffic[{entry.Index}]", entry.Item.ClientCertificate)),
        ];
        foreach (var (section, shown) in all)
            if (shown is not null)
                yield return ($"{section}.client_certificate", shown);
    }

    // What is wrong with the name of the node is said there.
    private IEnumerable<(string Key, string)> SubmissionProblems() => SubmissionPolicy.Validate(Submission).Select(Split)
        .Where(problem => problem.Key != "host_name" || Submission.HostName != Node.Name);

    private IEnumerable<(string, string)> SeveralSources()
    {
        if (Sources.Count > 0 && Delivery.SourceAddresses.Count > 0)
            yield return ("delivery.source_addresses", "gives way to sources: put these addresses there");
    }

    private IEnumerable<(string, string)> UnsubscribeListener()
    {
        if (Unsubscribe.Listen.Length > 0 && !Endpoints.TryParse(Unsubscribe.Listen, out _))
            yield return ("listen", Endpoints.Expected(Unsubscribe.Listen));
        if (Unsubscribe.Tls && Unsubscribe.Listen.Length == 0) yield return ("tls", "means nothing without listen");
        if (Unsubscribe.Tls && Tls.Certificate.Length == 0) yield return ("tls", "needs tls.certificate and tls.key");
    }

    private static IEnumerable<(string, string)> Under(string section, IEnumerable<(string Key, string Problem)> problems) =>
        problems.Select(problem => ($"{section}.{problem.Key}", problem.Problem));

    private static IEnumerable<(string, string)> Each<T>(string list, List<T> entries, Func<T, IEnumerable<(string, string)>> problems) =>
        entries.SelectMany((entry, index) => Under($"{list}[{index}]", problems(entry)));

    /// <summary>"limits.errors: must be more than 0" begins with its key.</summary>
    private static (string Key, string Problem) Split(string problem)
    {
        var colon = problem.IndexOf(": ", StringComparison.Ordinal);
        return (problem[..colon], problem[(colon + 2)..]);
    }
}

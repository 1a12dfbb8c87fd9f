namespace Webcluster.Node.LoadBalancing;

/// <summary>Answers HAProxy's agent-check: a connection gets one line (up ready, drain, or down with the reason) and is closed.</summary>
public sealed class AgentCheckOptions
{
    /// <summary>Address and port, which must be reached by load balancers only: 10.0.0.11:9707. Default none: no agent-check.</summary>
    public string Listen { get; set; } = "";

    public IEnumerable<(string Key, string Problem)> Problems()
    {
        if (Listen.Length > 0 && !Endpoints.TryParse(Listen, out _)) yield return ("listen", Endpoints.Expected(Listen));
    }
}

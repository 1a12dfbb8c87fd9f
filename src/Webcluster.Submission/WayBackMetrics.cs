using System.Diagnostics;
using System.Diagnostics.Metrics;
using Webcluster.Protocol.Tokens;

namespace Webcluster.Submission;

/// <summary>The instruments of what comes back. Label values come from closed sets.</summary>
public sealed class WayBackMetrics
{
    private readonly Counter<long> _returned;
    private readonly Counter<long> _refused;
    private readonly Counter<long> _turned;

    public WayBackMetrics(IMeterFactory meters)
    {
        var meter = meters.Create(SubmissionMetrics.MeterName);
        _returned = meter.CreateCounter<long>("webcluster.returned.total", description: "What came back of sent mail, by kind");
        _refused = meter.CreateCounter<long>(
            "webcluster.returned.refused.total", description: "Return paths and links that were not believed, by what for and why");
        _turned = meter.CreateCounter<long>(
            "webcluster.unsubscribe.connections.turned.total", description: "Connections to unsubscribe.listen that were one too many");
    }

    /// <param name="kind">One of a closed set: "bounce", "complaint", "unsubscribe".</param>
    public void Returned(string kind) => _returned.Add(1, Label("kind", kind));

    /// <param name="problem">Any but <see cref="TokenProblem.None"/>.</param>
    public void TokenRefused(TokenKind kind, TokenProblem problem) =>
        _refused.Add(1, Label("token", NameOf(kind)), Label("reason", NameOf(problem)));

    /// <summary>One too many was open.</summary>
    public void ConnectionTurned() => _turned.Add(1);

    private static string NameOf(TokenKind kind) => kind switch
    {
        TokenKind.ReturnPath => "return_path",
        TokenKind.Unsubscribe => "unsubscribe",
        TokenKind.Reference => "reference",
        _ => throw new UnreachableException(),
    };

    private static string NameOf(TokenProblem problem) => problem switch
    {
        TokenProblem.Malformed => "malformed",
        TokenProblem.UnknownKey => "unknown_key",
        TokenProblem.Forged => "forged",
        TokenProblem.Expired => "expired",
        TokenProblem.None or _ => throw new UnreachableException(),
    };

    private static KeyValuePair<string, object?> Label(string name, string value) => new(name, value);
}

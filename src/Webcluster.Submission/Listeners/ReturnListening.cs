using Webcluster.Submission.Policy;

namespace Webcluster.Submission.Listeners;

/// <summary>The listeners that take reports: their policy, and what serves their connections.</summary>
/// <param name="handler">Made when the first connection comes.</param>
internal sealed class ReturnListening(SubmissionPolicy policy, Func<SubmissionConnectionHandler> handler)
{
    private readonly Lazy<SubmissionConnectionHandler> _handler = new(handler);

    public SubmissionPolicy Policy => policy;

    public SubmissionConnectionHandler Handler => _handler.Value;
}

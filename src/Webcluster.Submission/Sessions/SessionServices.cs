using Microsoft.Extensions.Logging;
using Webcluster.Submission.Acceptance;
using Webcluster.Submission.Auth;
using Webcluster.Submission.Content;
using Webcluster.Submission.Policy;
using Webcluster.Submission.Tls;

namespace Webcluster.Submission.Sessions;

/// <summary>What every session shares.</summary>
internal sealed record SessionServices(
    SubmissionPolicy Policy, IMessageAcceptor Acceptor, Authenticator Authenticator, ContentBudget Budget, ICertificateSource Certificates,
    TimeProvider Time, SubmissionMetrics Metrics, ILogger Log);

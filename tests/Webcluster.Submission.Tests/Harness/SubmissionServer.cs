using System.IO.Pipelines;
using System.Net;
using Microsoft.Extensions.Logging;
using Webcluster.Protocol.Tokens;
using Webcluster.Queue.Suppression;
using Webcluster.Queue.Tallies;
using Webcluster.Submission.Acceptance;
using Webcluster.Submission.Auth;
using Webcluster.Submission.Content;
using Webcluster.Submission.Policy;
using Webcluster.Submission.Sessions;
using Webcluster.Submission.Tls;
using Webcluster.Submission.Unsubscribing;
using Webcluster.TestKit.Logging;
using Webcluster.TestKit.Metrics;
using Webcluster.TestKit.Pipes;
using Webcluster.TestKit.Suppression;
using Webcluster.TestKit.Time;

namespace Webcluster.Submission.Tests.Harness;

/// <summary>
/// The whole of submission but sockets: sessions over pipes in memory, a queue and a router that the test looks into, a clock that it
/// moves. By default clients come from a trusted network, so that they need neither TLS nor AUTH.
/// </summary>
internal sealed class SubmissionServer : IDisposable
{
    private SessionServices? _services;
    private Authenticator? _authenticator;

    public SubmissionServer()
    {
        // With xunit's context a session would go on at some other time; without, it has done all it can when sending returns.
        SynchronizationContext.SetSynchronizationContext(null);
        Options.HostName = "mx.example";
        Options.Auth.FailureDelay = TimeSpan.Zero;
        Users.Add("user", "secret");
    }

    public SubmissionOptions Options { get; } = new();

    public SubmissionListenerOptions Listener { get; } = new() { Trusted = ["192.0.2.0/24"] };

    public FakeQueue Queue { get; } = new();
    public NaiveSuppressionList Suppressed { get; } = new();
    public SuppressionOptions Suppression { get; } = new();
    public FakeRouter Router { get; } = new();
    public FakeCredentials Users { get; } = new();
    public FakeKeys Keys { get; } = new();
    public ICertificateSource Certificates { get; set; } = TestCertificate.Source;
    public UnsubscribeLinks? Links { get; set; }
    public ReturnPaths? Paths { get; set; }
    public ISharedTally? Tally { get; set; }
    public ManualClock Clock { get; } = new();
    public TestMeters Meters { get; } = new();
    public TestLog Log { get; } = new();

    /// <summary>Ids of warnings and errors that this test means to bring about.</summary>
    public int[] ExpectedLog { get; set; } = [];

    public static IPAddress Trusted { get; } = IPAddress.Parse("192.0.2.1");
    public static IPAddress Stranger { get; } = IPAddress.Parse("203.0.113.9");

    public ContentBudget Budget => Services.Budget;

    public SessionServices Services => _services ??= MakeServices();

    /// <summary>Begins a session; the client's end is the test's.</summary>
    /// <param name="enter">Is told of the session before it begins.</param>
    public SmtpTestClient Connect(IPAddress? address = null, PipeOptions? toClient = null, Action<SmtpSession>? enter = null)
    {
        var pipes = new DuplexPipePair(toClient: toClient);
        var errors = new List<string>();
        var listener = ListenerPolicy.Create(Listener, "listeners[0]", errors)
            ?? throw new InvalidOperationException(string.Join('\n', errors));
        var connection = new SmtpConnection(pipes.Server, Clock, Services.Policy.Limits.WriteTime);
        var session = new SmtpSession(connection, SessionClient.Of(listener, new IPEndPoint(address ?? Trusted, 40000)), Services);
        enter?.Invoke(session);
        return new SmtpTestClient(pipes.Client, session, RunAsync(session, connection, pipes.Server));
    }

    /// <summary>Checks that an answer waits for this long by the clock, and lets the time pass.</summary>
    public async Task WaitForTimerAsync(int milliseconds, Task answer)
    {
        for (var tries = 0; tries < 1000 && !Clock.HasTimerIn(TimeSpan.FromMilliseconds(milliseconds)); tries++) await Task.Delay(10);
        if (answer.IsCompleted || !Clock.HasTimerIn(TimeSpan.FromMilliseconds(milliseconds)))
            throw new InvalidOperationException($"nothing waits for {milliseconds} ms");
        Clock.Advance(TimeSpan.FromMilliseconds(milliseconds));
    }

    public void Dispose()
    {
        _authenticator?.Dispose();
        Meters.Dispose();
        Log.ShouldBeQuiet(ExpectedLog);
    }

    private static async Task<SessionEnd> RunAsync(SmtpSession session, SmtpConnection connection, IDuplexPipe transport)
    {
        var end = await session.RunAsync(CancellationToken.None);
        await connection.DisposeAsync();
        await transport.Input.CompleteAsync();
        await transport.Output.CompleteAsync();
        return end;
    }

    private SessionServices MakeServices()
    {
        var policy = SubmissionPolicy.Create(Options);
        var budget = new ContentBudget(policy.Limits.ContentMemory.Octets);
        var metrics = new SubmissionMetrics(Meters, budget);
        var suppression = new RecipientSuppression(new Suppressions(Suppressed, Suppression), metrics, Log.CreateLogger<RecipientSuppression>());
        var acceptor = new MessageAcceptor(
            policy, Queue, Router, suppression, new MessagePrefix(policy, Keys, Links, Paths, Log.CreateLogger<MessagePrefix>()), Clock,
            Log.CreateLogger<MessageAcceptor>());
        _authenticator = new Authenticator(Users, policy.Auth, Clock, Tally);
        return new SessionServices(
            policy, acceptor, _authenticator, budget, Certificates, Clock, metrics,
            Log.CreateLogger<SmtpSession>());
    }
}

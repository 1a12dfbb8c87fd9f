namespace Webcluster.Submission.Tests.Harness;

/// <summary>A session of a stranger under TLS, before AUTH.</summary>
internal sealed class AuthSession : IAsyncDisposable
{
    private readonly bool _ownsServer;

    private AuthSession(SubmissionServer server, SmtpTestClient client, bool ownsServer) =>
        (Server, Client, _ownsServer) = (server, client, ownsServer);

    public SubmissionServer Server { get; }

    public SmtpTestClient Client { get; }

    public static async Task<AuthSession> BeginAsync(Action<SubmissionServer>? configure = null)
    {
        var server = new SubmissionServer();
        configure?.Invoke(server);
        return new AuthSession(server, await ConnectAsync(server), ownsServer: true);
    }

    public static async Task<AuthSession> BeginAsync(SubmissionServer server) => new(server, await ConnectAsync(server), ownsServer: false);

    public ValueTask DisposeAsync()
    {
        if (_ownsServer) Server.Dispose();
        return ValueTask.CompletedTask;
    }

    private static async Task<SmtpTestClient> ConnectAsync(SubmissionServer server)
    {
        var client = server.Connect(SubmissionServer.Stranger);
        await client.GreetUnderTlsAsync();
        return client;
    }
}

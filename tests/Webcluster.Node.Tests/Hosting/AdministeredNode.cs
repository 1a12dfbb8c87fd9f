using System.Net.Http.Headers;
using Shouldly;
using Webcluster.Node.Cli;
using Webcluster.Node.Configuration;
using Webcluster.Node.FirstRun;
using Webcluster.Node.Hosting;
using Webcluster.TestKit.Processes;

namespace Webcluster.Node.Tests.Hosting;

/// <summary>A whole node in this process, and an operator who asks it over HTTP and by the commands.</summary>
internal sealed class AdministeredNode : IAsyncDisposable
{
    private readonly StringWriter _output = new() { NewLine = "\n" };
    private string[] _where = [];
    private NodeHost? _host;

    /// <summary>With the node's token.</summary>
    public HttpClient Http { get; } = new();

    public TemporaryFolder Folder { get; } = new();

    /// <summary>What commands have said went wrong.</summary>
    public StringWriter Errors { get; } = new() { NewLine = "\n" };

    /// <param name="more">Further settings, as environment variables.</param>
    public async Task StartAsync(params (string Name, string Value)[] more)
    {
        var ports = Ports.Free(4);
        var environment = new Dictionary<string, string>
        {
            ["XDG_STATE_HOME"] = Folder.Path,
            ["WEBCLUSTER__LOG__LEVEL"] = "error",
            ["WEBCLUSTER__SUBMISSION__LISTENERS__0__ADDRESS"] = $"127.0.0.1:{ports[0]}",
            ["WEBCLUSTER__SUBMISSION__LISTENERS__1__ADDRESS"] = $"127.0.0.1:{ports[1]}",
            ["WEBCLUSTER__HTTP__LISTEN"] = $"127.0.0.1:{ports[2]}",
            ["WEBCLUSTER__SIMULATOR__LISTEN"] = $"127.0.0.1:{ports[3]}",
            ["WEBCLUSTER__SIMULATOR__FAULTS"] = "",
        };
        foreach (var (name, value) in more) environment[name] = value;
        var loaded = ConfigurationLoader.Load(null, environment, Folder.Path);
        loaded.Problems.ShouldBeEmpty();
        FirstRunSetup.Ensure(loaded, DateTimeOffset.UtcNow);
        _host = NodeHost.Build(loaded);
        await _host.StartAsync(CancellationToken.None);
        Http.BaseAddress = new Uri($"http://127.0.0.1:{ports[2]}");
        var token = await File.ReadAllTextAsync(loaded.Options.Admin.TokenFile);
        Http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token.Trim());
        _where = ["--url", Http.BaseAddress.ToString(), "--token-file", loaded.Options.Admin.TokenFile];
    }

    public async Task<(int Code, string Text)> RunAsync(params string[] arguments)
    {
        _output.GetStringBuilder().Clear();
        var environment = new Dictionary<string, string> { ["XDG_STATE_HOME"] = Folder.Path };
        var context = new CliContext(new StringReader(""), _output, Errors, environment, Folder.Path);
        return (await CommandLine.InvokeAsync([.. arguments, .. _where], context), _output.ToString());
    }

    public async ValueTask DisposeAsync()
    {
        if (_host is not null) await _host.DisposeAsync();
        Http.Dispose();
        Folder.Dispose();
    }
}

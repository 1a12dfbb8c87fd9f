using System.CommandLine;
using Webcluster.Node.Configuration;
using Webcluster.Node.Http;

namespace Webcluster.Node.Cli;

/// <summary>How commands find the node that runs, and what they say where it cannot be asked.</summary>
internal sealed class RunningNode(CliContext context, Option<string?> config)
{
    public Option<string?> Url { get; } = new("--url")
    {
        Description = "The node's HTTP listener. Default: http.listen of the configuration.", HelpName = "URL", Recursive = true,
    };

    public Option<string?> TokenFile { get; } = new("--token-file")
    {
        Description = "The file with its token. Default: admin.token_file of the configuration.", HelpName = "FILE", Recursive = true,
    };

    public async Task<int> AskAsync(ParseResult parsed, Func<AdminClient, Task<int>> ask)
    {
        // Other errors of the configuration do not matter here.
        var loaded = ConfigurationLoader.Load(parsed.GetValue(config), context.Environment, context.WorkingFolder);
        if (loaded.Problems.FirstOrDefault(problem => problem.Key.Length == 0) is { } unreadable)
            return context.Fail(unreadable.ToString()!, ExitCode.Usage);
        var url = parsed.GetValue(Url) ?? AdminClient.UrlOf(loaded.Options.Http.Listen);
        if (!Uri.TryCreate(url, UriKind.Absolute, out var address) || !address.Scheme.StartsWith("http", StringComparison.Ordinal))
            return context.Fail($"'{url}' is no address of a node such as http://127.0.0.1:8025", ExitCode.Usage);
        var file = parsed.GetValue(TokenFile) is { } given ? Path.Combine(context.WorkingFolder, given) : loaded.Options.Admin.TokenFile;
        try
        {
            using var client = new AdminClient(address, AdminToken.Read(file));
            return await ask(client);
        }
        catch (NothingFoundException nothing)
        {
            return context.Fail(nothing.Message, ExitCode.NothingMatched);
        }
        catch (Exception error) when (error is FileNotFoundException or DirectoryNotFoundException && !File.Exists(file))
        {
            return context.Fail($"{file} does not exist: give the node's token with --token-file, or here the node.state_folder or "
                + "admin.token_file that the node has");
        }
        catch (HttpRequestException error)
        {
            return context.Fail($"{address}: {error.Message}");
        }
    }
}

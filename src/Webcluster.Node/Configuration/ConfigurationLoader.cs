using Webcluster.Node.Configuration.Binding;
using Webcluster.Node.Files;

namespace Webcluster.Node.Configuration;

/// <summary>Finds, reads, binds and checks the configuration; everything that is wrong with it comes back at once.</summary>
internal static class ConfigurationLoader
{
    public const string FileName = "webcluster.yaml";
    public const string SystemFile = "/etc/webcluster/webcluster.yaml";
    public const string FileVariable = "WEBCLUSTER_CONFIG";

    /// <summary>
    /// The file given, else the one that WEBCLUSTER_CONFIG names, else webcluster.yaml in the working folder, else the system's; where none
    /// of these is, the settings of the first run. Variables of the environment are laid over each of them.
    /// </summary>
    public static LoadedConfiguration Load(string? given, IReadOnlyDictionary<string, string> environment, string workingFolder)
    {
        // An empty variable is none: what starts the node sets it so where it has nothing to set.
        given ??= environment.GetValueOrDefault(FileVariable) is { Length: > 0 } named ? named : null;
        string?[] candidates = [Path.Combine(workingFolder, FileName), SystemFile];
        var file = given is null ? Array.Find(candidates, File.Exists) : Path.Combine(workingFolder, given);
        var problems = new List<ConfigProblem>();
        var shown = file is null ? FirstRunConfiguration.Name : given ?? Path.GetRelativePath(workingFolder, file);
        var text = file is null ? FirstRunConfiguration.Text(StateFolder.Default(environment)) : Read(file, shown, problems);
        var options = Bind(shown, text, environment, problems, out var binder);
        var hasUsersFolder = options.Node.StateFolder.Length == 0;
        if (hasUsersFolder) options.Node.StateFolder = StateFolder.Default(environment);
        options.SettleNames();
        ConfiguredPaths.Resolve(options, file is null ? options.Node.StateFolder : Path.GetDirectoryName(Path.GetFullPath(file))!);
        // What could not be read has its default's value, about which there is nothing to say.
        var unread = problems.Select(problem => problem.Key).ToHashSet();
        var toMake = file is null ? FirstRunConfiguration.FilesToMake(options, binder.OriginOf) : [];
        foreach (var (key, problem) in options.Problems().Concat(FileChecks.Problems(options).Where(found => !toMake.Contains(found.Key))))
            if (!unread.Contains(key))
                problems.Add(new ConfigProblem(binder.OriginOf(key), key, problem));
        return new LoadedConfiguration(options, file, problems) { HasUsersStateFolder = hasUsersFolder, FilesToMake = toMake };
    }

    public static NodeOptions Bind(
        string name, string yaml, IReadOnlyDictionary<string, string> environment, List<ConfigProblem> problems, out OptionsBinder binder)
    {
        var root = YamlTree.Parse(name, yaml, problems);
        EnvironmentOverrides.Apply(root, environment, problems);
        var options = new NodeOptions();
        binder = new OptionsBinder(problems);
        binder.Bind(root, options);
        return options;
    }

    private static string Read(string file, string shown, List<ConfigProblem> problems)
    {
        try
        {
            return File.ReadAllText(file);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            var reason = error is FileNotFoundException or DirectoryNotFoundException
                ? "there is no such file"
                : "cannot be read: " + error.Message;
            problems.Add(new ConfigProblem(new ConfigOrigin.Line(shown, 0), "", reason));
            return "";
        }
    }
}

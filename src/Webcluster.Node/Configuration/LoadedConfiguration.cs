using Webcluster.Node.Configuration.Binding;

namespace Webcluster.Node.Configuration;

/// <summary>A configuration, with what is wrong with it. Only one without problems may be used.</summary>
/// <param name="File">Null at the first run, where there is none.</param>
internal sealed record LoadedConfiguration(NodeOptions Options, string? File, IReadOnlyList<ConfigProblem> Problems)
{
    public bool IsFirstRun => File is null;

    /// <summary>Whether the state folder is the one of whoever starts the node, because none is configured.</summary>
    public required bool HasUsersStateFolder { get; init; }

    /// <summary>The keys whose files the first run makes (<see cref="FirstRunConfiguration.FilesToMake"/>); else none.</summary>
    public required IReadOnlySet<string> FilesToMake { get; init; }

    public string Source => File ?? "first run, without a configuration file";
}

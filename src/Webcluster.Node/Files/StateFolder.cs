namespace Webcluster.Node.Files;

/// <summary>Where a node keeps what it makes itself when nothing else is configured (XDG Base Directory Specification).</summary>
internal static class StateFolder
{
    public static string Default(IReadOnlyDictionary<string, string> environment)
    {
        // The specification: a relative path is to be ignored.
        if (environment.TryGetValue("XDG_STATE_HOME", out var state) && Path.IsPathRooted(state)) return Path.Combine(state, "webcluster");
        var home = environment.GetValueOrDefault("HOME");
        if (string.IsNullOrEmpty(home)) home = Environment.GetFolderPath(Environment.SpecialFolder.UserProfile);
        return Path.Combine(home, ".local", "state", "webcluster");
    }
}

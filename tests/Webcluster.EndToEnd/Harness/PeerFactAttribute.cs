using Xunit;

namespace Webcluster.EndToEnd.Harness;

/// <summary>Needs real peers. Where one is missing the test is skipped and says so; in CI it runs and fails, so that a peer cannot be
/// missing unseen.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class PeerFactAttribute : FactAttribute
{
    public PeerFactAttribute(params string[] tools) => Skip = Peers.Missing(tools);
}

/// <inheritdoc cref="PeerFactAttribute"/>
[AttributeUsage(AttributeTargets.Method)]
public sealed class PeerTheoryAttribute : TheoryAttribute
{
    public PeerTheoryAttribute(params string[] tools) => Skip = Peers.Missing(tools);
}

/// <summary>A <see cref="PeerFactAttribute"/> that also needs root, to mount a file system of its own.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class RootFactAttribute : FactAttribute
{
    public RootFactAttribute(params string[] tools) => Skip = Environment.UserName == "root" ? Peers.Missing(tools) : "needs root";
}

internal static class Peers
{
    public static string? Missing(string[] tools)
    {
        if (Environment.GetEnvironmentVariable("CI") is "true" or "1") return null;
        var missing = tools.Where(tool => Tool.Find(tool) is null).ToList();
        return missing.Count == 0 ? null : $"not installed: {string.Join(", ", missing)}";
    }
}

using System.Text.RegularExpressions;
using Shouldly;
using Webcluster.TestKit;
using Xunit;

namespace Webcluster.Node.Tests.Repository;

/// <summary>
/// Folders are layers: whatever a feature needs, nothing below needs the feature in return. What a folder keeps for the folders inside it
/// (options, metrics, logs) is seen from there without a <c>using</c> and does not count: they are one feature.
/// </summary>
public sealed partial class NamespaceCircleTests
{
    [GeneratedRegex(@"^\s*namespace\s+(?<name>Webcluster[\w.]*)", RegexOptions.Multiline, 1000)]
    private static partial Regex Declared { get; }

    [GeneratedRegex(@"^\s*using\s+(?:static\s+|\w+\s*=\s*)?(?<name>Webcluster[\w.]*)\s*;", RegexOptions.Multiline, 1000)]
    private static partial Regex Used { get; }

    [Fact]
    public void Namespaces_UseEachOther_InOneDirection() => CircleIn(Uses()).ShouldBeNull();

    [Theory]
    [InlineData("a>b b>c a>c", null)]
    [InlineData("a>b b>a", "a needs b (a.cs), b needs a (b.cs)")]
    [InlineData("a>b b>c c>d d>b", "b needs c (b.cs), c needs d (c.cs), d needs b (d.cs)")]
    [InlineData("a>b a>c c>a", "a needs c (a.cs), c needs a (c.cs)")]
    public void Circle_IsFoundAndNamed(string uses, string? told) =>
        CircleIn([.. uses.Split(' ').Select(use => new Use(use[..1], use[2..], $"{use[..1]}.cs"))]).ShouldBe(told);

    private static List<Use> Uses()
    {
        var source = Path.Combine(SharedData.RepositoryRoot, "src");
        var files = Directory.EnumerateFiles(source, "*.cs", SearchOption.AllDirectories)
            .Where(file => !file.Contains($"{Path.DirectorySeparatorChar}obj{Path.DirectorySeparatorChar}"))
            .Order(StringComparer.Ordinal)
            .Select(file => (Name: Path.GetRelativePath(SharedData.RepositoryRoot, file), Text: File.ReadAllText(file)))
            .Select(file => (file.Name, file.Text, Namespace: Declared.Match(file.Text).Groups["name"].Value))
            .ToList();
        var known = files.Select(file => file.Namespace).ToHashSet();
        known.Count.ShouldBeGreaterThan(50, "the source was not found");
        return
        [
            .. files.SelectMany(file => Used.Matches(file.Text)
                .Select(match => match.Groups["name"].Value)
                .Where(used => known.Contains(used) && !$"{file.Namespace}.".StartsWith($"{used}.", StringComparison.Ordinal))
                .Select(used => new Use(file.Namespace, used, file.Name)))
                .DistinctBy(use => (use.From, use.To)),
        ];
    }

    /// <summary>The first circle there is, with a file for each step; null where there is none.</summary>
    private static string? CircleIn(List<Use> uses)
    {
        var from = uses.ToLookup(use => use.From);
        var done = new HashSet<string>();
        return from.Select(group => Follow(group.Key, [])).FirstOrDefault(circle => circle is not null);

        string? Follow(string name, List<Use> way)
        {
            var start = way.FindIndex(use => use.From == name);
            if (start >= 0) return string.Join(", ", way[start..].Select(use => $"{use.From} needs {use.To} ({use.File})"));
            if (done.Contains(name)) return null;
            foreach (var use in from[name])
                if (Follow(use.To, [.. way, use]) is { } circle)
                    return circle;
            done.Add(name);
            return null;
        }
    }

    private sealed record Use(string From, string To, string File);
}

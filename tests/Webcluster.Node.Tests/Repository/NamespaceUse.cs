using System.Text.RegularExpressions;
using Shouldly;
using Webcluster.TestKit;

namespace Webcluster.Node.Tests.Repository;

/// <summary>A file of one namespace uses another.</summary>
internal sealed partial record NamespaceUse(string From, string To, string File)
{
    [GeneratedRegex(@"^\s*namespace\s+(?<name>Webcluster[\w.]*)", RegexOptions.Multiline, 1000)]
    private static partial Regex Declared { get; }

    [GeneratedRegex(@"^\s*using\s+(?:static\s+|\w+\s*=\s*)?(?<name>Webcluster[\w.]*)\s*;", RegexOptions.Multiline, 1000)]
    private static partial Regex Used { get; }

    /// <summary>All in src, one file for each pair. What a folder keeps for the folders inside it needs no <c>using</c> and does not
    /// count.</summary>
    public static List<NamespaceUse> InSource()
    {
        var source = Path.Combine(SharedData.RepositoryRoot, "src");
        var files = Directory.EnumerateFiles(source, "*.cs", SearchOption.AllDirectories)
            .Where(file => !file.Contains($"{Path.DirectorySeparatorChar}obj{Path.DirectorySeparatorChar}"))
            .Order(StringComparer.Ordinal)
            .Select(file => (Name: Path.GetRelativePath(SharedData.RepositoryRoot, file), Text: System.IO.File.ReadAllText(file)))
            .Select(file => (file.Name, file.Text, Namespace: Declared.Match(file.Text).Groups["name"].Value))
            .ToList();
        var known = files.Select(file => file.Namespace).ToHashSet();
        known.Count.ShouldBeGreaterThan(50, "the source was not found");
        return
        [
            .. files.SelectMany(file => Used.Matches(file.Text)
                .Select(match => match.Groups["name"].Value)
                .Where(used => known.Contains(used) && !$"{file.Namespace}.".StartsWith($"{used}.", StringComparison.Ordinal))
                .Select(used => new NamespaceUse(file.Namespace, used, file.Name)))
                .DistinctBy(use => (use.From, use.To)),
        ];
    }
}

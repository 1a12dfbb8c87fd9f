using System.Text.RegularExpressions;
using Shouldly;
using Webcluster.TestKit;
using Xunit;

namespace Webcluster.Node.Tests.Repository;

/// <summary>The table of layers in docs/architecture.md and the code say the same.</summary>
public sealed partial class LayerTableTests
{
    private const string Project = "Webcluster.Delivery.";

    [GeneratedRegex(@"^\| `(?<layer>\w+)` \|[^|]*\|(?<uses>[^|]*)\|$", RegexOptions.Multiline, 1000)]
    private static partial Regex Row { get; }

    [GeneratedRegex(@"\w+", RegexOptions.None, 1000)]
    private static partial Regex Name { get; }

    private static List<(string Layer, string[] Uses)> Table =>
    [
        .. Row.Matches(File.ReadAllText(Path.Combine(SharedData.RepositoryRoot, "docs", "architecture.md")))
            .Select(row => (row.Groups["layer"].Value, Name.Matches(row.Groups["uses"].Value).Select(name => name.Value).ToArray())),
    ];

    [Fact]
    public void Table_EachLayer_UsesWhatItSays()
    {
        var used = NamespaceUse.InSource()
            .Where(use => use.From.StartsWith(Project, StringComparison.Ordinal) && use.To.StartsWith(Project, StringComparison.Ordinal))
            .Select(use => (From: LayerOf(use.From), To: LayerOf(use.To)))
            .Where(use => use.From != use.To)
            .ToLookup(use => use.From, use => use.To);

        foreach (var (layer, uses) in Table) uses.Order().ShouldBe(used[layer].Distinct().Order(), layer);
    }

    [Fact]
    public void Table_Folders_AreAllThereWithWhatTheyUseAbove()
    {
        var folders = Directory.GetDirectories(Path.Combine(SharedData.RepositoryRoot, "src", Project.TrimEnd('.')))
            .Select(folder => Path.GetFileName(folder)!)
            .Except(["bin", "obj"]);
        Table.Select(row => row.Layer).Order().ShouldBe(folders.Order());

        for (var row = 0; row < Table.Count; row++) Table[row].Uses.ShouldBeSubsetOf(Table.Take(row).Select(above => above.Layer));
    }

    private static string LayerOf(string name) => name[Project.Length..].Split('.')[0];
}

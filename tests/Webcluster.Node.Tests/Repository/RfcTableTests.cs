using System.Text.RegularExpressions;
using Shouldly;
using Webcluster.TestKit;
using Xunit;

namespace Webcluster.Node.Tests.Repository;

/// <summary>docs/rfc.tsv and the citations in the code say the same.</summary>
public sealed partial class RfcTableTests
{
    private static readonly string[] Statuses = ["yes", "partial", "no"];

    [GeneratedRegex(@"\brfc(?<number>\d{3,5})#|\bRFC (?<number>\d{3,5})\b", RegexOptions.None, 1000)]
    private static partial Regex Citation { get; }

    private static IReadOnlyDictionary<int, string[]> Table => File.ReadLines(Path.Combine(SharedData.RepositoryRoot, "docs", "rfc.tsv"))
        .Skip(1)
        .Select(line => line.Split('\t'))
        .ToDictionary(row => int.Parse(row[0]));

    [Fact]
    public void Table_EachRow_HasNumberStatusTitleAndWhatIsLeftOut()
    {
        foreach (var row in Table.Values)
        {
            row.Length.ShouldBe(4, string.Join(' ', row));
            Statuses.ShouldContain(row[1]);
            row[2].ShouldNotBeNullOrWhiteSpace();
            if (row[1] == "yes") row[3].ShouldBeEmpty(string.Join(' ', row));
            else row[3].ShouldNotBeNullOrWhiteSpace(string.Join(' ', row));
        }

        Table.Keys.ShouldBe(Table.Keys.Order());
    }

    [Fact]
    public void EachCitationInTheCode_StandsInTheTable() => Cited().Except(Table.Keys).Order().ShouldBeEmpty();

    [Fact]
    public void EachImplementedRfc_IsCitedInTheCode()
    {
        var implemented = Table.Where(row => row.Value[1] != "no").Select(row => row.Key);
        implemented.Except(Cited()).ShouldBeEmpty();
    }

    private static HashSet<int> Cited() =>
    [
        .. Directory.EnumerateFiles(Path.Combine(SharedData.RepositoryRoot, "src"), "*.cs", SearchOption.AllDirectories)
            .Where(file => !file.Contains($"{Path.DirectorySeparatorChar}obj{Path.DirectorySeparatorChar}"))
            .SelectMany(file => Citation.Matches(File.ReadAllText(file)))
            .Select(match => int.Parse(match.Groups["number"].ValueSpan)),
    ];
}

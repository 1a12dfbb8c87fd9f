using Shouldly;
using Xunit;

namespace Webcluster.Node.Tests.Repository;

/// <summary>
/// Folders are layers: whatever a feature needs, nothing below needs the feature in return. What a folder keeps for the folders inside it
/// (options, metrics, logs) is one feature with them.
/// </summary>
public sealed class NamespaceCircleTests
{
    [Fact]
    public void Namespaces_UseEachOther_InOneDirection() => CircleIn(NamespaceUse.InSource()).ShouldBeNull();

    [Theory]
    [InlineData("a>b b>c a>c", null)]
    [InlineData("a>b b>a", "a needs b (a.cs), b needs a (b.cs)")]
    [InlineData("a>b b>c c>d d>b", "b needs c (b.cs), c needs d (c.cs), d needs b (d.cs)")]
    [InlineData("a>b a>c c>a", "a needs c (a.cs), c needs a (c.cs)")]
    public void Circle_IsFoundAndNamed(string uses, string? told) =>
        CircleIn([.. uses.Split(' ').Select(use => new NamespaceUse(use[..1], use[2..], $"{use[..1]}.cs"))]).ShouldBe(told);

    /// <summary>The first circle there is, with a file for each step; null where there is none.</summary>
    private static string? CircleIn(List<NamespaceUse> uses)
    {
        var from = uses.ToLookup(use => use.From);
        var done = new HashSet<string>();
        return from.Select(group => Follow(group.Key, [])).FirstOrDefault(circle => circle is not null);

        string? Follow(string name, List<NamespaceUse> way)
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
}

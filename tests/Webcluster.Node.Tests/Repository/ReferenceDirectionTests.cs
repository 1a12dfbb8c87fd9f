using System.Xml.Linq;
using Shouldly;
using Webcluster.TestKit;
using Xunit;

namespace Webcluster.Node.Tests.Repository;

/// <summary>Projects are areas; references point down only, and the two sides of the queue do not know each other.</summary>
public sealed class ReferenceDirectionTests
{
    private static readonly Dictionary<string, string[]> Allowed = new(StringComparer.Ordinal)
    {
        ["Webcluster.Protocol"] = [],
        ["Webcluster.Queue"] = ["Webcluster.Protocol"],
        ["Webcluster.Submission"] = ["Webcluster.Protocol", "Webcluster.Queue"],
        ["Webcluster.Delivery"] = ["Webcluster.Protocol", "Webcluster.Queue"],
        ["Webcluster.Node"] = ["Webcluster.Protocol", "Webcluster.Queue", "Webcluster.Submission", "Webcluster.Delivery"],
    };

    private static string Source => Path.Combine(SharedData.RepositoryRoot, "src");

    [Fact]
    public void Projects_EachIsKnown() =>
        Directory.GetDirectories(Source).Select(Path.GetFileName).Order().ShouldBe(Allowed.Keys.Order());

    [Theory]
    [InlineData("Webcluster.Protocol")]
    [InlineData("Webcluster.Queue")]
    [InlineData("Webcluster.Submission")]
    [InlineData("Webcluster.Delivery")]
    [InlineData("Webcluster.Node")]
    public void References_PointDownOnly(string project)
    {
        var references = XDocument.Load(Path.Combine(Source, project, $"{project}.csproj"))
            .Descendants("ProjectReference")
            .Select(reference => Path.GetFileNameWithoutExtension(reference.Attribute("Include")!.Value));

        references.ShouldBeSubsetOf(Allowed[project]);
    }

    // Protocol is bytes in, values out: no I/O, no clock, no logging, no dependency injection.
    [Theory]
    [InlineData("new Socket(")]
    [InlineData("UdpClient")]
    [InlineData("TcpClient")]
    [InlineData("System.IO.Pipelines")]
    [InlineData("Microsoft.Extensions")]
    [InlineData("DateTimeOffset.UtcNow")]
    [InlineData("DateTime.UtcNow")]
    [InlineData("File.")]
    public void Protocol_IsPure(string forbidden)
    {
        foreach (var file in Directory.EnumerateFiles(Path.Combine(Source, "Webcluster.Protocol"), "*.cs", SearchOption.AllDirectories))
            if (!file.Contains($"{Path.DirectorySeparatorChar}obj{Path.DirectorySeparatorChar}"))
                File.ReadAllText(file).ShouldNotContain(forbidden, Case.Sensitive, file);
    }
}

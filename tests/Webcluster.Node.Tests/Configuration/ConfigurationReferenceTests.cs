using Shouldly;
using Webcluster.Node.Configuration;
using Webcluster.TestKit;
using Xunit;

namespace Webcluster.Node.Tests.Configuration;

public class ConfigurationReferenceTests
{
    [Fact]
    public void Write_TheFileInDocs_IsUpToDate()
    {
        var written = ConfigurationReference.Write(XmlDocs.OfThisProgram()).Split('\n');
        var inDocs = File.ReadAllText(Path.Combine(SharedData.RepositoryRoot, "docs", "configuration.md")).Split('\n');
        var differing = written.Zip(inDocs).FirstOrDefault(lines => lines.First != lines.Second);
        differing.Second.ShouldBe(
            differing.First, "run: dotnet run --project src/Webcluster.Node -- docs configuration > docs/configuration.md");
        inDocs.Length.ShouldBe(written.Length);
    }

    [Fact]
    public void Write_EveryKey_IsDescribed()
    {
        var undescribed = ConfigurationReference.Write(XmlDocs.OfThisProgram()).Split('\n')
            .Where(line => line.StartsWith("| `", StringComparison.Ordinal)
                && line.EndsWith("|  |", StringComparison.Ordinal));
        undescribed.ShouldBeEmpty();
    }
}

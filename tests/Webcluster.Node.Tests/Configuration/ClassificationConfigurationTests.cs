using Shouldly;
using Webcluster.Node.Classification;
using Webcluster.Node.Configuration;
using Webcluster.Protocol.Classification;
using Xunit;

namespace Webcluster.Node.Tests.Configuration;

/// <summary>Rules and a model of the operator's own, as the file names them.</summary>
public sealed class ClassificationConfigurationTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Load_OwnRules_AreAskedFirst()
    {
        _folder.Write("own/rules.txt", "rule ours = greylisted\ntext user unknown\n");
        var loaded = Load("classification: {rules: own/rules.txt, threshold: 0.9}\n");
        loaded.Problems.Where(problem => problem.Key.StartsWith("classification", StringComparison.Ordinal)).ShouldBeEmpty();

        var classifier = ClassifierFiles.Load(loaded.Options.Classification, []).ShouldNotBeNull();
        classifier.Classify("550 5.1.1 User unknown").ShouldBe(
            new ReplyClassification(BounceClass.Greylisted, true, ClassifiedBy.Rule, 1, "ours"));
    }

    [Fact]
    public void Load_Threshold_DecidesWhetherTheModelIsBelieved()
    {
        const string Reply = "550 your address has been put on our private list";
        var before = ReplyClassifier.Shipped().Classify(Reply);
        before.By.ShouldBe(ClassifiedBy.Model);

        ReplyClassifier.Shipped().WithThreshold(before.Confidence + 0.001).Classify(Reply).By.ShouldBe(ClassifiedBy.Code);
        ReplyClassifier.Shipped().WithThreshold(before.Confidence).Classify(Reply).ShouldBe(before);
    }

    [Fact]
    public void Load_FilesThatCannotBeUsed_AreNamedWithTheirKeysAllAtOnce()
    {
        _folder.Write("rules.txt", "x\ny\n");
        _folder.Write("model.tsv", "x\n");
        var problems = Load("classification: {rules: rules.txt, model: model.tsv, threshold: 1.1}\n").Problems
            .Select(problem => $"{problem.Key}: {problem.Text}").Where(line => line.StartsWith("classification", StringComparison.Ordinal));
        problems.ShouldBe(
        [
            "classification.threshold: must be more than 0 and at most 1",
            $"classification.rules: {_folder.Path}/rules.txt:1: 'x' stands outside of a rule",
            $"classification.rules: {_folder.Path}/rules.txt:2: 'y' stands outside of a rule",
            $"classification.model: {_folder.Path}/model.tsv: line 1 is none of a model",
        ]);
    }

    private LoadedConfiguration Load(string yaml)
    {
        _folder.Write("webcluster.yaml", yaml);
        return ConfigurationLoader.Load(null, new Dictionary<string, string>(), _folder.Path);
    }
}

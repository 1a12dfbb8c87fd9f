using Shouldly;
using Webcluster.Protocol.Classification;
using Webcluster.Protocol.Classification.Learning;
using Webcluster.Protocol.Classification.Text;
using Xunit;

namespace Webcluster.Protocol.Tests.Classification;

public sealed class LearningTests
{
    private static readonly LabelledLine[] Lines =
    [
        new("550 5.1.1 red apple", BounceClass.InvalidRecipient),
        new("550 5.1.1 green apple", BounceClass.InvalidRecipient),
        new("552 5.2.2 red pear", BounceClass.MailboxFull),
        new("552 5.2.2 green pear", BounceClass.MailboxFull),
    ];

    [Fact]
    public void Features_AreWordsPairsAndCodes()
    {
        var found = new List<string>();
        var features = new Features(ReplyNormalizer.Normalize("550 5.1.1 no such 12 user"), stackalloc char[32]);
        while (features.MoveNext()) found.Add(features.Current.ToString());
        found.ShouldBe(["no", "such", "no such", "user", "=550", "#x.1.1", "#x.1", "=permanent"]);
    }

    [Fact]
    public void Train_Words_TellClassesApart()
    {
        var model = ModelTrainer.Train(Lines, 0.5, []);
        model.Classify(ReplyNormalizer.Normalize("550 5.1.1 a blue apple")).Class.ShouldBe(BounceClass.InvalidRecipient);
        model.Classify(ReplyNormalizer.Normalize("552 5.2.2 a blue pear")).Class.ShouldBe(BounceClass.MailboxFull);
        model.Classify(ReplyNormalizer.Normalize("zzz")).Probability.ShouldBeLessThan(0.5);
    }

    [Fact]
    public void Model_WrittenAndRead_IsTheSame()
    {
        var model = ModelTrainer.Train(Lines, 0.25, ["from here", "and there"]);
        using var text = new StringWriter();
        ModelText.Write(text, model);
        var again = ModelText.Read(text.ToString(), out var problem).ShouldNotBeNull();
        problem.ShouldBeEmpty();
        again.Threshold.ShouldBe(0.25);
        again.Record.ShouldBe(model.Record);
        again.Weights.Count.ShouldBe(model.Weights.Count);
        foreach (var (feature, weights) in model.Weights) again.Weights[feature].ShouldBe(weights, feature);
    }

    [Theory]
    [InlineData("", "this is no model: threshold or header is missing")]
    [InlineData("threshold\t0.5\n", "this is no model: threshold or header is missing")]
    [InlineData("threshold\t1.5\n", "line 1 is none of a model")]
    [InlineData("feature\tpolicy\n", "line 1 is none of a model")]
    [InlineData("feature\tpolicy\tpolicy\n", "line 1 is none of a model")]
    [InlineData("# x\nword\t1\n", "line 2 is none of a model")]
    public void ModelText_WrongText_IsTold(string text, string told)
    {
        ModelText.Read(text, out var problem).ShouldBeNull();
        problem.ShouldBe(told);
    }

    [Fact]
    public void ShippedModel_IsTrainedOnTheShippedLines() =>
        ShippedFiles.Model().Record.ShouldContain($"from shipped lines: {ModelTraining.ShippedLines().Count}");

    [Theory]
    [InlineData("reply\tunified_category\n550 x\tpolicy\n", "550 x", "policy", "policy", null)]
    [InlineData("Unified_Category\tx\tREPLY\npolicy\ty\t550 x\n", "550 x", "policy", "policy", null)]
    [InlineData("reply\tacceptable\n550 x\tpolicy|auth-failure\n", "550 x", "policy", "policy|auth-failure", null)]
    [InlineData("reply\tclass\tacceptable\tweight\n550 x\tpolicy\tauth-failure\t2.5\n", "550 x", "policy", "auth-failure|policy", 2.5)]
    [InlineData("reply\tclass\n\"550 \"\"x\"\"\"\tpolicy\n", "550 \"x\"", "policy", "policy", null)]
    public void Sheet_Columns_GoByTheirNames(string text, string reply, string label, string acceptable, double? weight)
    {
        var row = ReplySheet.Read(text, labelled: true, out _)!.Rows.ShouldHaveSingleItem();
        row.Reply.ShouldBe(reply);
        row.Class!.Value.Text().ShouldBe(label);
        string.Join('|', row.Acceptable.Select(each => each.Text())).ShouldBe(acceptable);
        row.Weight.ShouldBe(weight);
    }

    [Theory]
    [InlineData("", "the file is empty")]
    [InlineData("a\tb\n", "the first line names no column 'reply'")]
    [InlineData("reply\n550 x\n", "the first line names no column 'unified_category'")]
    [InlineData("reply\tclass\n", "there is no usable line")]
    [InlineData("reply\tclass\n550 x\tnonsense\n\tpolicy\n", "there is no usable line")]
    public void Sheet_WrongText_IsTold(string text, string told)
    {
        ReplySheet.Read(text, labelled: true, out var problem).ShouldBeNull();
        problem.ShouldBe(told);
    }

    [Fact]
    public void Sheet_UnknownClass_IsLeftOutAndCounted()
    {
        var sheet = ReplySheet.Read("reply\tclass\n550 x\tpolicy\n550 y\tnonsense\n", labelled: true, out _)!;
        sheet.Rows.Count.ShouldBe(1);
        sheet.Skipped.ShouldBe(1);
    }
}

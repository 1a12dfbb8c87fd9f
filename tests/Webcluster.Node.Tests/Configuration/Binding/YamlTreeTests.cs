using Shouldly;
using Webcluster.Node.Configuration.Binding;
using Xunit;

namespace Webcluster.Node.Tests.Configuration.Binding;

public class YamlTreeTests
{
    [Theory]
    [InlineData("- a", "f:1: must be a section: lines of \"key: value\"")]
    [InlineData("text", "f:1: must be a section: lines of \"key: value\"")]
    [InlineData("a: 1\nb: 2\na: 3", "f:3: a: given twice; first at f:1")]
    [InlineData("s:\n  a: 1\n  a: 2", "f:3: s.a: given twice; first at f:2")]
    [InlineData("a: &x 1\nb: 2", "f:1: a: anchors and aliases are not supported")]
    [InlineData("? [a, b]\n: 1", "f:1: a key must be a plain word")]
    [InlineData("a: 1\n---\nb: 2", "f:2: a second document; only one is allowed")]
    public void Parse_WhatConfigurationHasNoUseFor_IsRefused(string yaml, string expected)
    {
        var problems = new List<ConfigProblem>();
        YamlTree.Parse("f", yaml, problems);
        problems[0].ToString().ShouldBe(expected);
    }

    [Theory]
    [InlineData("a: [1, 2\n", 2)]
    [InlineData("a: 1\nb: \"open", 2)]
    [InlineData("a: 1\n\tb: 2", 2)]
    [InlineData("a: 1\n b: 2", 2)]
    public void Parse_BrokenYaml_NamesTheLine(string yaml, int line)
    {
        var problems = new List<ConfigProblem>();
        YamlTree.Parse("f", yaml, problems).Entries.ShouldBeEmpty();
        problems.ShouldHaveSingleItem().ToString().ShouldStartWith($"f:{line}: not valid YAML: ");
    }

    [Fact]
    public void Parse_TooDeep_IsRefusedAndEnds()
    {
        var problems = new List<ConfigProblem>();
        YamlTree.Parse("f", "a: " + new string('[', 1000) + new string(']', 1000), problems);
        problems[0].Text.ShouldBe("nested deeper than 16 levels");
    }

    [Fact]
    public void Parse_RandomText_NeverThrows()
    {
        const int Seed = 20261122;
        var random = new Random(Seed);
        const string Letters = "ab:- \n\t\"'[]{}#&*!|>%@`,?~0\r\0é";
        for (var i = 0; i < 5000; i++)
        {
            var text = string.Concat(Enumerable.Range(0, random.Next(40)).Select(_ => Letters[random.Next(Letters.Length)]));
            Should.NotThrow(() => YamlTree.Parse("f", text, []), $"seed {Seed}, round {i}: {text}");
        }
    }
}

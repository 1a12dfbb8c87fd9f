using Shouldly;
using Webcluster.Node.Configuration.Binding;
using Xunit;

namespace Webcluster.Node.Tests.Configuration.Binding;

public class EnvironmentOverridesTests
{
    internal sealed class Route
    {
        public string Match { get; set; } = "";
        public int Port { get; set; } = 25;
        public List<string> Hosts { get; set; } = [];
    }

    internal sealed class Section
    {
        public string Name { get; set; } = "none";
        public int MaxCount { get; set; } = 1;
    }

    internal sealed class Sample
    {
        public Section Section { get; set; } = new();
        public List<Route> Routes { get; set; } = [];
    }

    [Theory]
    [InlineData("", "WEBCLUSTER__SECTION__NAME=x", "x/1")]
    [InlineData("section:\n  name: file\n  max_count: 3", "WEBCLUSTER__SECTION__NAME=x", "x/3")]
    [InlineData("section:", "WEBCLUSTER__SECTION__MAX_COUNT=9", "none/9")]
    [InlineData("", "WEBCLUSTER__section__max_count=9", "none/9")]
    [InlineData("", "OTHER__SECTION__NAME=x;WEBCLUSTER_SECTION__NAME=y", "none/1")]
    [InlineData("section: {name: file}", "WEBCLUSTER__SECTION__NAME=", "/1")]
    public void Apply_Scalars_WinOverTheFile(string yaml, string variables, string expected)
    {
        var (sample, problems) = Bind(yaml, variables);
        problems.ShouldBeEmpty();
        $"{sample.Section.Name}/{sample.Section.MaxCount}".ShouldBe(expected);
    }

    [Theory]
    [InlineData("", "WEBCLUSTER__ROUTES__0__MATCH=a;WEBCLUSTER__ROUTES__1__MATCH=b", "a,b")]
    [InlineData("routes: [{match: file}]", "WEBCLUSTER__ROUTES__0__MATCH=a", "a")]
    [InlineData("routes: [{match: file}]", "WEBCLUSTER__ROUTES__1__MATCH=a", "file,a")]
    [InlineData("routes: [{match: file}]", "WEBCLUSTER__ROUTES=", "")]
    [InlineData("", "WEBCLUSTER__ROUTES__0__HOSTS__0=h1;WEBCLUSTER__ROUTES__0__HOSTS__1=h2;WEBCLUSTER__ROUTES__0__MATCH=a", "a:h1:h2")]
    public void Apply_Lists_AreReachedByIndex(string yaml, string variables, string expected)
    {
        var (sample, problems) = Bind(yaml, variables);
        problems.ShouldBeEmpty();
        string.Join(',', sample.Routes.Select(route => string.Join(':', [route.Match, .. route.Hosts]))).ShouldBe(expected);
    }

    [Fact]
    public void Apply_MoreThanTenEntries_AppendInNumericOrder()
    {
        var variables = string.Join(';', Enumerable.Range(0, 12).Reverse().Select(i => $"WEBCLUSTER__ROUTES__{i}__MATCH={i}"));
        var (sample, problems) = Bind("", variables);
        problems.ShouldBeEmpty();
        sample.Routes.Select(route => route.Match).ShouldBe(Enumerable.Range(0, 12).Select(i => $"{i}"));
    }

    [Theory]
    [InlineData("", "WEBCLUSTER__SECTION__MAX_COUNT=x", "WEBCLUSTER__SECTION__MAX_COUNT: section.max_count: 'x' is not a whole number")]
    [InlineData("", "WEBCLUSTER__SECTON__NAME=x", "WEBCLUSTER__SECTON__NAME: secton: unknown key; did you mean section?")]
    [InlineData("", "WEBCLUSTER__SECTION__NAMES=x", "WEBCLUSTER__SECTION__NAMES: section.names: unknown key; did you mean name?")]
    [InlineData("routes: [{match: a}]", "WEBCLUSTER__ROUTES__2__MATCH=x",
        "WEBCLUSTER__ROUTES__2__MATCH: routes: has 1 entries, so the next index is 1")]
    [InlineData("routes: [{match: a}]", "WEBCLUSTER__ROUTES__X__MATCH=x",
        "WEBCLUSTER__ROUTES__X__MATCH: routes: has 1 entries, so the next index is 1")]
    [InlineData("section: {name: a}", "WEBCLUSTER__SECTION__NAME__X=x", "WEBCLUSTER__SECTION__NAME__X: section.name: has no entries")]
    [InlineData("", "WEBCLUSTER__=x", "WEBCLUSTER__: unknown key; allowed: section, routes")]
    public void Apply_WhatDoesNotFit_NamesTheVariable(string yaml, string variables, string expected) =>
        Bind(yaml, variables).Problems[0].ToString().ShouldBe(expected);

    private static (Sample Sample, List<ConfigProblem> Problems) Bind(string yaml, string variables)
    {
        var problems = new List<ConfigProblem>();
        var root = YamlTree.Parse("f", yaml, problems);
        var environment = variables.Split(';').Select(pair => pair.Split('=', 2)).Select(pair => KeyValuePair.Create(pair[0], pair[1]));
        EnvironmentOverrides.Apply(root, environment, problems);
        var sample = new Sample();
        new OptionsBinder(problems).Bind(root, sample);
        return (sample, problems);
    }
}

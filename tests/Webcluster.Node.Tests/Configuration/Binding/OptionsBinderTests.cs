using Shouldly;
using Webcluster.Node.Configuration.Binding;
using Webcluster.Protocol.Units;
using Webcluster.Queue.Traffic;
using Xunit;

namespace Webcluster.Node.Tests.Configuration.Binding;

public class OptionsBinderTests
{
    internal enum Colour { Red, DeepBlue }

    internal sealed class Inner
    {
        public string Name { get; set; } = "inner";
        public int Count { get; set; } = 1;
    }

    internal sealed class Sample
    {
        public string Text { get; set; } = "default";
        public int Number { get; set; } = 7;
        public long Large { get; set; } = 8;
        public bool Flag { get; set; }
        public Colour Colour { get; set; } = Colour.Red;
        public TimeSpan IdleTimeout { get; set; } = TimeSpan.FromSeconds(5);
        public ByteSize Size { get; set; } = new(1024);
        public ByteSize? Limit { get; set; }
        public double? Share { get; set; }
        public Rate? Rate { get; set; }
        public List<string> Words { get; set; } = ["one"];
        public IList<int> Numbers { get; set; } = [];
        public Inner Inner { get; set; } = new();
        public List<Inner> Items { get; set; } = [];
        public string ReadOnly => "not a key";
    }

    [Fact]
    public void Bind_EveryKindOfValue_IsSet()
    {
        var (sample, problems) = Bind("""
            text: "quoted: text"
            number: -3
            large: 5000000000
            flag: true
            colour: deep_blue
            idle_timeout: 1h30m
            size: 25MiB
            limit: 1KiB
            share: 0.5
            rate: 10/s,burst=5
            words: [a, b]
            numbers:
              - 1
              - 2
            inner: {name: x, count: 2}
            items:
              - name: first
              - count: 9
            """);
        problems.ShouldBeEmpty();
        sample.Text.ShouldBe("quoted: text");
        sample.Number.ShouldBe(-3);
        sample.Large.ShouldBe(5_000_000_000);
        sample.Flag.ShouldBeTrue();
        sample.Colour.ShouldBe(Colour.DeepBlue);
        sample.IdleTimeout.ShouldBe(TimeSpan.FromMinutes(90));
        sample.Size.Octets.ShouldBe(25 * 1024 * 1024);
        sample.Limit!.Value.Octets.ShouldBe(1024);
        sample.Share.ShouldBe(0.5);
        sample.Rate.ShouldBe(new Rate(10, TimeSpan.FromSeconds(1), 5));
        sample.Words.ShouldBe(["a", "b"]);
        sample.Numbers.ShouldBe([1, 2]);
        sample.Inner.Name.ShouldBe("x");
        sample.Items.Select(item => (item.Name, item.Count)).ShouldBe([("first", 1), ("inner", 9)]);
    }

    [Theory]
    [InlineData("deep_blue")]
    [InlineData("deep-blue")]
    [InlineData("DeepBlue")]
    [InlineData("deepblue")]
    public void Bind_EnumInAnySpelling_IsSet(string spelling) => Bind($"colour: {spelling}").Sample.Colour.ShouldBe(Colour.DeepBlue);

    [Theory]
    [InlineData("")]
    [InlineData("# only a comment\n")]
    [InlineData("inner:\nwords:\nitems: ~\n")]
    public void Bind_NothingGiven_KeepsDefaults(string yaml)
    {
        var (sample, problems) = Bind(yaml);
        problems.ShouldBeEmpty();
        sample.Text.ShouldBe("default");
        sample.Inner.Count.ShouldBe(1);
    }

    [Fact]
    public void Bind_EmptyList_ReplacesTheDefault() => Bind("words: []").Sample.Words.ShouldBeEmpty();

    [Theory]
    [InlineData("number: x", "test.yaml:1: number: 'x' is not a whole number")]
    [InlineData("number: 2147483648", "test.yaml:1: number: '2147483648' is not a whole number")]
    [InlineData("number: 1.5", "test.yaml:1: number: '1.5' is not a whole number")]
    [InlineData("number:", "test.yaml:1: number: has no value (whole number)")]
    [InlineData("number: [1]", "test.yaml:1: number: must be one value (whole number)")]
    [InlineData("\nflag: maybe", "test.yaml:2: flag: 'maybe' is not true or false")]
    [InlineData("colour: green", "test.yaml:1: colour: 'green' is not allowed; one of: red, deep_blue")]
    [InlineData("colour: 1", "test.yaml:1: colour: '1' is not allowed; one of: red, deep_blue")]
    [InlineData("idle_timeout: 5", "test.yaml:1: idle_timeout: '5' is not a duration; write one like 500ms, 30s, 5m, 1h30m or 5d")]
    [InlineData("size: big", "test.yaml:1: size: 'big' is not a size; write one like 64KiB, 25MiB or 1GiB")]
    [InlineData("share: half", "test.yaml:1: share: 'half' is not a number; write one like 0.5")]
    [InlineData("share: -1", "test.yaml:1: share: '-1' is not a number; write one like 0.5")]
    [InlineData("rate: 0/s", "test.yaml:1: rate: '0/s' is not a rate; write one like 100/min, 10/s,burst=5 or 1000/d")]
    [InlineData("inner: 5", "test.yaml:1: inner: must be a section with any of: name, count")]
    [InlineData("inner: [a]", "test.yaml:1: inner: must be a section with any of: name, count")]
    [InlineData("items: {name: x}", "test.yaml:1: items: must be a list: lines that begin with \"- \"")]
    [InlineData("items:\n  - name: x\n  - text", "test.yaml:3: items[1]: must be a section with any of: name, count")]
    [InlineData("items:\n  - name: x\n    count: y", "test.yaml:3: items[0].count: 'y' is not a whole number")]
    [InlineData("numbers:\n  - 1\n  - two", "test.yaml:3: numbers[1]: 'two' is not a whole number")]
    [InlineData("nummer: 1", "test.yaml:1: nummer: unknown key; did you mean number?")]
    [InlineData("idle-timeout: 1s", "test.yaml:1: idle-timeout: unknown key; did you mean idle_timeout?")]
    [InlineData("inner:\n  colour: red", "test.yaml:2: inner.colour: unknown key; allowed: name, count")]
    [InlineData("read_only: x\nx: 1",
        "test.yaml:1: read_only: unknown key; allowed: text, number, large, flag, colour, idle_timeout, size, limit, "
        + "share, rate, words, numbers, inner, items")]
    public void Bind_WhatDoesNotFit_SaysWhereAndWhatIsAllowed(string yaml, string expected) =>
        Bind(yaml).Problems[0].ToString().ShouldBe(expected);

    [Fact]
    public void Bind_ManyProblems_AreAllFound() =>
        Bind("number: x\nflag: y\nnone: z\ninner:\n  count: q").Problems.Select(problem => problem.Key)
        .ShouldBe(["number", "flag", "none", "inner.count"]);

    [Fact]
    public void Bind_ValueWithControlCharacters_IsShownOnOneLine() =>
        Bind("number: \"a\\nb\\e[31m" + new string('c', 100) + "\"").Problems[0].ToString()
            .ShouldBe("test.yaml:1: number: 'a?b?[31m" + new string('c', 52) + "...' is not a whole number");

    [Theory]
    [InlineData("items[1].count", "test.yaml:4")]
    [InlineData("items[1].name", "test.yaml:3")]
    [InlineData("items", "test.yaml:1")]
    [InlineData("inner.count", "test.yaml")]
    public void OriginOf_KeyOrWhatIsAroundIt_IsFound(string key, string expected)
    {
        var problems = new List<ConfigProblem>();
        var binder = new OptionsBinder(problems);
        binder.Bind(YamlTree.Parse("test.yaml", "items:\n  - name: a\n  - name: b\n    count: 1\n", problems), new Sample());
        binder.OriginOf(key).ToString().ShouldBe(expected);
    }

    private static (Sample Sample, List<ConfigProblem> Problems) Bind(string yaml)
    {
        var problems = new List<ConfigProblem>();
        var sample = new Sample();
        new OptionsBinder(problems).Bind(YamlTree.Parse("test.yaml", yaml, problems), sample);
        return (sample, problems);
    }
}

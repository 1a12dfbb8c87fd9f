using System.Text;
using Shouldly;
using Webcluster.Node.Files;
using Webcluster.Node.Suppression;
using Xunit;

namespace Webcluster.Node.Tests.Files;

public sealed class CsvLineTests
{
    [Theory]
    [InlineData("a", "a")]
    [InlineData("a,b", "a|b")]
    [InlineData("a,,c", "a||c")]
    [InlineData(",", "|")]
    [InlineData(" a , b ", "a|b")]
    [InlineData("\"a\"", "a")]
    [InlineData("\"a,b\",c", "a,b|c")]
    [InlineData("\"a\"\"b\",\"\"", "a\"b|")]
    [InlineData("\"\"\"x y\"\"@a.example\"", "\"x y\"@a.example")]
    [InlineData("a\"b", "a\"b")]
    public void TrySplit_Line_IsTheseFields(string line, string expected)
    {
        List<string> fields = ["left over"];

        CsvLine.TrySplit(line, fields).ShouldBeTrue();

        string.Join('|', fields).ShouldBe(expected);
    }

    [Theory]
    [InlineData("\"a")]
    [InlineData("\"a\"b")]
    [InlineData("a,\"b\" ,c")]
    [InlineData("\"")]
    [InlineData("\"\"\"")]
    public void TrySplit_QuoteWhereNoneCanBe_IsRefused(string line) => CsvLine.TrySplit(line, []).ShouldBeFalse();

    [Theory]
    [InlineData("a", "")]
    [InlineData("a,b", "\"")]
    [InlineData("\"\"", "x")]
    public void Append_Fields_AreReadBack(string one, string other)
    {
        var text = new StringBuilder();
        CsvLine.Append(text, [one, null, other]);
        List<string> fields = [];

        CsvLine.TrySplit(text.ToString().TrimEnd('\r', '\n'), fields).ShouldBeTrue();

        fields.ShouldBe([one, "", other]);
    }

    [Theory]
    [InlineData("address", "b@x.example", "b@x.example", null)]
    [InlineData("note,ADDRESS", "n,b@x.example", "b@x.example", "n")]
    [InlineData("Email,created,note", "b@x.example,2020,n", "b@x.example", "n")]
    [InlineData("note,address", "n", "", "n")]
    public void OfHeader_NamesOfColumns_SayWhatIsWhat(string header, string line, string address, string? note)
    {
        List<string> names = [], fields = [];
        CsvLine.TrySplit(header, names).ShouldBeTrue();
        CsvLine.TrySplit(line, fields).ShouldBeTrue();

        var row = CsvColumns.OfHeader(names).ShouldNotBeNull().Row(fields);

        (row.Address, row.Note, row.Tenant).ShouldBe((address, note, null));
    }

    [Theory]
    [InlineData("anna@x.example")]
    [InlineData("tenant,reason")]
    public void OfHeader_NoAddressAmongThem_IsNone(string line)
    {
        List<string> fields = [];
        CsvLine.TrySplit(line, fields).ShouldBeTrue();

        CsvColumns.OfHeader(fields).ShouldBeNull();
    }
}

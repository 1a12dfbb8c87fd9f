using System.Net;
using System.Text;
using System.Text.Json;
using Shouldly;
using Webcluster.Node.Cli;
using Xunit;

namespace Webcluster.Node.Tests.Hosting;

/// <summary>/admin/v1/suppressions of a whole node in this process, asked over HTTP and by the commands.</summary>
public sealed class SuppressionEndpointsTests : IAsyncLifetime
{
    private const string Path = "/admin/v1/suppressions";

    private readonly AdministeredNode _node = new();

    public Task InitializeAsync() => _node.StartAsync();

    public async Task DisposeAsync() => await _node.DisposeAsync();

    [Fact]
    public async Task Entry_AddedShownRemoved()
    {
        using var added = await PostAsync(Path, """{"address": "Anna+x/y@Größe.example", "tenant": "acme", "reason": "complaint", "source": "e-1", "note": "wrote to us"}""");
        added.StatusCode.ShouldBe(HttpStatusCode.Created, await added.Content.ReadAsStringAsync());

        foreach (var spelling in new[] { "anna%2Bx%2Fy@gr%C3%B6%C3%9Fe.example", "ANNA%2bX/Y@xn--gre-6ka8i.example" })
        {
            var shown = JsonDocument.Parse(await _node.Http.GetStringAsync($"{Path}/{spelling}?tenant=acme")).RootElement;
            shown.GetProperty("address").GetString().ShouldBe("anna+x/y@xn--gre-6ka8i.example");
            (shown.GetProperty("tenant").GetString(), shown.GetProperty("reason").GetString(), shown.GetProperty("source").GetString(), shown.GetProperty("note").GetString())
                .ShouldBe(("acme", "complaint", "e-1", "wrote to us"));
            shown.GetProperty("expires_at").ValueKind.ShouldBe(JsonValueKind.Null);
        }

        (await _node.Http.GetAsync($"{Path}/anna+x%2Fy@gr%C3%B6%C3%9Fe.example?tenant=other")).StatusCode.ShouldBe(HttpStatusCode.NotFound);
        (await _node.Http.DeleteAsync($"{Path}/anna+x%2Fy@gr%C3%B6%C3%9Fe.example")).StatusCode.ShouldBe(HttpStatusCode.NotFound);
        (await _node.Http.DeleteAsync($"{Path}/anna+x%2Fy@gr%C3%B6%C3%9Fe.example?tenant=acme")).StatusCode.ShouldBe(HttpStatusCode.NoContent);
        (await _node.Http.DeleteAsync($"{Path}/anna+x%2Fy@gr%C3%B6%C3%9Fe.example?tenant=acme")).StatusCode.ShouldBe(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task Add_WhatDoesNotLastAsLong_LeavesWhatIsThere()
    {
        await PostAsync(Path, """{"address": "a@x.example", "reason": "hard_bounce"}""");

        using var kept = await PostAsync(Path, """{"address": "a@x.example", "reason": "repeated_soft"}""");

        kept.StatusCode.ShouldBe(HttpStatusCode.OK);
        (await kept.Content.ReadAsStringAsync()).ShouldContain("\"hard_bounce\"");
    }

    [Theory]
    [InlineData("""{"address": "nobody"}""", "address is none")]
    [InlineData("""{"address": null}""", "address is none")]
    [InlineData("""{"address": "a@x.example", "reason": "dislike"}""", "reason is not one of")]
    [InlineData("""{"address": "a@x.example", "note": "a\nb"}""", "note must be one line")]
    [InlineData("""{"address": "a@x.example", "adress": "b"}""", "the body is not the JSON expected")]
    [InlineData("{}", "the body is not the JSON expected")]
    [InlineData("null", "the body must be a JSON object")]
    public async Task Add_WhatIsNoEntry_IsAProblem(string body, string detail)
    {
        using var answer = await PostAsync(Path, body);

        answer.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        (await answer.Content.ReadAsStringAsync()).ShouldContain(detail);
        (await AllAsync("")).ShouldBeEmpty();
    }

    [Theory]
    [InlineData("?limit=0", "limit must be 1 to 1000")]
    [InlineData("?limit=1001", "limit must be 1 to 1000")]
    [InlineData("?cursor=!", "cursor is none")]
    [InlineData("?reason=dislike", "'dislike' is no reason")]
    [InlineData("/nobody", "'nobody' is no mail address")]
    public async Task Get_WhatCannotBeAsked_IsAProblem(string query, string detail)
    {
        using var answer = await _node.Http.GetAsync(Path + query);

        answer.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        (await answer.Content.ReadAsStringAsync()).ShouldContain(detail);
    }

    [Fact]
    public async Task AnyOfThem_WithoutToken_IsRefused()
    {
        _node.Http.DefaultRequestHeaders.Authorization = null;
        (await _node.Http.GetAsync(Path)).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        (await _node.Http.GetAsync(Path + "/export")).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        (await _node.Http.GetAsync(Path + "/a@x.example")).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        (await ImportAsync("a@x.example\n")).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
    }

    [Fact]
    public async Task Import_CsvWithBadLines_CountsAndNamesThemAndTakesTheOthers()
    {
        var text = "address,note,reason\r\na@x.example,\"one, two\",complaint\r\n\r\nnobody,,\r\nb@x.example,,dislike\r\nb@x.example,,\n\"\n" + new string('x', 5000) + "\nc@x.example";

        using var answer = await ImportAsync(text, "?tenant=acme&reason=unsubscribe");

        answer.StatusCode.ShouldBe(HttpStatusCode.OK);
        var result = JsonDocument.Parse(await answer.Content.ReadAsStringAsync()).RootElement;
        Counts(result).ShouldBe((3, 0, 0, 4));
        result.GetProperty("bad_lines").EnumerateArray().Select(bad => $"{bad.GetProperty("line")} {bad.GetProperty("problem")}").ShouldBe(
        [
            "4 address is none", "5 reason is not one of hard_bounce, repeated_soft, complaint, unsubscribe, manual",
            "7 a quote stands where none can be", "8 the line has more than 4096 octets",
        ]);
        (await AllAsync("?tenant=acme")).ShouldBe(["a@x.example acme complaint one, two", "b@x.example acme unsubscribe ", "c@x.example acme unsubscribe "]);
    }

    [Theory]
    [InlineData("Email Address,Status\na@x.example,unsubscribed\n", "line 1: neither names a column \\\"address\\\" (or \\\"email\\\") nor begins with an address")]
    [InlineData("\n\nStatus\na@x.example,unsubscribed\n", "line 3: neither names")]
    [InlineData("\"Name\"s,email\na@x.example,unsubscribed\n", "line 1: a quote stands where none can be")]
    public async Task Import_HeaderWithoutAddressColumn_IsRefusedWhole(string text, string detail)
    {
        using var answer = await ImportAsync(text, "?tenant=shop");

        answer.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        (await answer.Content.ReadAsStringAsync()).ShouldContain(detail);
        (await AllAsync("")).ShouldBeEmpty();
    }

    [Fact]
    public async Task List_EmptyReason_IsNoFilter()
    {
        await ImportAsync("address,reason\na@x.example,hard_bounce\nb@x.example,manual\n");

        (await AllAsync("?reason=")).Count.ShouldBe(2);
        (await _node.Http.GetStringAsync(Path + "/export?reason=")).Split("\r\n").Length.ShouldBe(4);
        (await RunAsync("suppression", "list", "--reason", "")).Text.Split('\n').Length.ShouldBe(3);
    }

    [Fact]
    public async Task Import_JsonLines_AreAddedAndTheFirstBadOnesNamed()
    {
        var bad = string.Concat(Enumerable.Repeat("{\"address\": 1}\nno json\n", 60));

        using var answer = await ImportAsync("{\"address\": \"a@x.example\", \"tenant\": \"acme\"}\n" + bad + "{\"address\": \"b@x.example\"}\n", type: "application/x-ndjson");

        var result = JsonDocument.Parse(await answer.Content.ReadAsStringAsync()).RootElement;
        Counts(result).ShouldBe((2, 0, 0, 120));
        result.GetProperty("bad_lines").GetArrayLength().ShouldBe(100);
        (await AllAsync("")).ShouldBe(["a@x.example acme manual ", "b@x.example  manual "]);
    }

    [Fact]
    public async Task Import_OtherType_IsRefused() =>
        (await ImportAsync("a@x.example", type: "application/json")).StatusCode.ShouldBe(HttpStatusCode.UnsupportedMediaType);

    [Fact]
    public async Task Export_OfManyPages_IsImportedUnchanged()
    {
        var file = string.Concat(Enumerable.Range(0, 2500).Select(i => $"user{i}@x.example,{(i % 2 == 0 ? "acme" : "")},{(i % 3 == 0 ? "repeated_soft" : "complaint")},s{i}\n"));
        Counts(JsonDocument.Parse(await (await ImportAsync(file)).Content.ReadAsStringAsync()).RootElement).ShouldBe((2500, 0, 0, 0));

        var exported = await _node.Http.GetStringAsync(Path + "/export");

        exported.Split("\r\n").Length.ShouldBe(2502);
        exported.ShouldStartWith("address,tenant,reason,source,added_at,expires_at,note\r\n");
        Counts(JsonDocument.Parse(await (await ImportAsync(exported)).Content.ReadAsStringAsync()).RootElement).ShouldBe((0, 0, 2500, 0));
        (await _node.Http.GetStringAsync(Path + "/export?tenant=acme&reason=complaint")).Split("\r\n").Length.ShouldBe(1250 - 417 + 2);
        (await AllAsync("?limit=999")).Count.ShouldBe(2500);
    }

    [Fact]
    public async Task Commands_EachOfThem_DoesWhatItSays()
    {
        (await RunAsync("suppression", "get", "a@x.example")).Code.ShouldBe(ExitCode.NothingMatched);
        (await RunAsync("suppression", "add", "A@x.example", "--note", "asked by phone")).Text.ShouldMatch("^a@x.example\t\\*\tmanual\t[^\t]+Z\tnever\tasked by phone\n$");
        (await RunAsync("suppression", "get", "a@X.example", "--tenant", "acme")).Text.ShouldStartWith("a@x.example\t*\tmanual");
        File.WriteAllText(System.IO.Path.Combine(_node.Folder.Path, "list.csv"), "b@x.example\nnobody\n");
        (await RunAsync("suppression", "import", "list.csv", "--tenant", "acme", "--reason", "repeated_soft")).ShouldBe((ExitCode.Error, "1 added, 0 changed, 0 kept, 1 invalid\n"));
        File.WriteAllText(System.IO.Path.Combine(_node.Folder.Path, "list.jsonl"), "{\"address\": \"c@x.example\"}\n");
        (await RunAsync("suppression", "import", "list.jsonl")).ShouldBe((ExitCode.Ok, "1 added, 0 changed, 0 kept, 0 invalid\n"));
        (await RunAsync("suppression", "list")).Text.Split('\n').Length.ShouldBe(4);
        (await RunAsync("suppression", "list", "--limit", "2")).Text.Split('\n').Length.ShouldBe(3);
        (await RunAsync("suppression", "list", "--tenant", "acme")).Text.ShouldMatch("^b@x.example\tacme\trepeated_soft\t[^\t]+Z\tuntil [^\t]+Z\t\n$");
        (await RunAsync("suppression", "export", "--reason", "manual")).Text.Split("\r\n").Length.ShouldBe(4);
        (await RunAsync("suppression", "remove", "a@x.example")).ShouldBe((ExitCode.Ok, ""));
        (await RunAsync("suppression", "remove", "a@x.example")).Code.ShouldBe(ExitCode.NothingMatched);
        (await RunAsync("suppression", "add", "nobody")).Code.ShouldBe(ExitCode.Error);

        _node.Errors.ToString().Split('\n').ShouldBe(
        [
            "webcluster: the address is not suppressed", "list.csv:2: address is none", "webcluster: the address is not suppressed",
            $"webcluster: {_node.Http.BaseAddress}: 400 address is none", "",
        ]);
    }

    private Task<HttpResponseMessage> PostAsync(string path, string body) =>
        _node.Http.PostAsync(path, new StringContent(body, Encoding.UTF8, "application/json"));

    private Task<HttpResponseMessage> ImportAsync(string text, string query = "", string type = "text/csv") =>
        _node.Http.PostAsync($"{Path}/import{query}", new StringContent(text, Encoding.UTF8, type));

    /// <summary>Address, tenant, reason and note of all, page by page, in the order of addresses.</summary>
    private async Task<List<string>> AllAsync(string query)
    {
        var all = new List<string>();
        for (string? cursor = ""; cursor is not null;)
        {
            var page = JsonDocument.Parse(await _node.Http.GetStringAsync($"{Path}{query}{(cursor.Length == 0 ? "" : $"{(query.Length == 0 ? "?" : "&")}cursor={cursor}")}")).RootElement;
            all.AddRange(page.GetProperty("suppressions").EnumerateArray()
                .Select(one => $"{one.GetProperty("address")} {one.GetProperty("tenant")} {one.GetProperty("reason")} {one.GetProperty("note")}"));
            cursor = page.GetProperty("next").GetString();
        }

        return [.. all.Order(StringComparer.Ordinal)];
    }

    private Task<(int Code, string Text)> RunAsync(params string[] arguments) => _node.RunAsync(arguments);

    private static (int, int, int, int) Counts(JsonElement result) =>
        (Number(result, "added"), Number(result, "changed"), Number(result, "kept"), Number(result, "invalid"));

    private static int Number(JsonElement view, string name) => view.GetProperty(name).GetInt32();
}

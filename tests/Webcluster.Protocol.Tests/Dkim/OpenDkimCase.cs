using System.Text.Json;
using Webcluster.TestKit;

namespace Webcluster.Protocol.Tests.Dkim;

/// <summary>A row of the OpenDKIM collection.</summary>
/// <param name="Expected">mode=verify: DKIM_STAT_... at the end of the message; null where it already refused the header.</param>
/// <param name="Signature">mode=sign: the value of the field as OpenDKIM writes it.</param>
internal sealed record OpenDkimCase(string Id, string Mode, string? Algorithm, string? Expected, string? Signature, string File)
{
    private const string Folder = "dkim/opendkim";

    public byte[] Message => System.IO.File.ReadAllBytes(Path(File));

    public static string Path(string file) => SharedData.Path($"{Folder}/{file}");

    public static IReadOnlyDictionary<string, string> Dns()
    {
        using var json = Open();
        return json.RootElement.GetProperty("dns").EnumerateObject().ToDictionary(entry => entry.Name, entry => entry.Value.GetString()!);
    }

    public static IReadOnlyList<OpenDkimCase> All(string mode)
    {
        using var json = Open();
        return [.. json.RootElement.GetProperty("cases").EnumerateArray().Select(Read).Where(row => row.Mode == mode)];
    }

    private static JsonDocument Open() => JsonDocument.Parse(System.IO.File.ReadAllBytes(Path("cases.json")));

    private static OpenDkimCase Read(JsonElement row) => new(
        row.GetProperty("id").GetString()!,
        row.GetProperty("mode").GetString()!,
        Text(row, "alg"),
        Text(row, "eom_status"),
        row.TryGetProperty("expected_signature_value", out var values) ? values.EnumerateObject().Single().Value.GetString() : null,
        row.GetProperty("file").GetString()!);

    private static string? Text(JsonElement row, string name) => row.TryGetProperty(name, out var value) ? value.GetString() : null;
}

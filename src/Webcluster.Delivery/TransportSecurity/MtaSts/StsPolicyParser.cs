using System.Globalization;
using System.Diagnostics.CodeAnalysis;
using Webcluster.Protocol.Addresses;

namespace Webcluster.Delivery.TransportSecurity.MtaSts;

/// <summary>Reads the text of a policy (RFC 8461 §3.2): lines of "key: value", in any order, unknown keys passed over. Linear, bounded,
/// never throws.</summary>
internal static class StsPolicyParser
{
    public const int MostOctets = 64 * 1024;

    /// <summary>A domain has a handful of mail hosts; each of its policies is kept as long as it says.</summary>
    public const int MostPatterns = 100;

    // rfc8461#3.2: about a year.
    private const long LongestMaxAge = 31_557_600;

    public static bool TryParse(string text, [NotNullWhen(true)] out StsPolicy? policy, out string problem)
    {
        policy = null;
        var fields = new Fields();
        problem = text.Length > MostOctets ? "it is too long" : "";
        foreach (var line in text.AsSpan().EnumerateLines())
        {
            if (problem.Length > 0) return false;
            problem = Read(line.Trim(" \t"), fields);
        }

        if (problem.Length == 0) problem = Missing(fields);
        if (problem.Length > 0) return false;
        policy = new StsPolicy(fields.Mode!.Value, fields.Mx, TimeSpan.FromSeconds(Math.Min(fields.MaxAge!.Value, LongestMaxAge)));
        return true;
    }

    // rfc8461#3.2: of a key that is repeated the first counts, but for mx.
    private static string Read(ReadOnlySpan<char> line, Fields fields)
    {
        var colon = line.IndexOf(':');
        if (colon < 0) return line.IsEmpty ? "" : "a line has no colon";
        var value = line[(colon + 1)..].Trim(" \t");
        switch (line[..colon].Trim(" \t"))
        {
            case "version":
                fields.Version ??= value.ToString();
                return "";
            case "mode":
                fields.Mode ??= ModeOf(value);
                return fields.Mode is null ? "its mode is unknown" : "";
            case "max_age":
                fields.MaxAge ??= value.Length <= 10 && long.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var age)
                    ? age
                    : null;
                return fields.MaxAge is null ? "its max_age is no number of seconds" : "";
            case "mx":
                return ReadPattern(value, fields);
            default:
                return "";
        }
    }

    private static string ReadPattern(ReadOnlySpan<char> value, Fields fields)
    {
        var wildcard = value.StartsWith("*.");
        if (!DomainName.TryNormalize(wildcard ? value[2..] : value, out var name)) return "an mx is no host name";
        if (fields.Mx.Count == MostPatterns) return "it has too many mx";
        fields.Mx.Add(wildcard ? $"*.{name}" : name);
        return "";
    }

    private static StsMode? ModeOf(ReadOnlySpan<char> value) => value switch
    {
        "enforce" => StsMode.Enforce,
        "testing" => StsMode.Testing,
        "none" => StsMode.None,
        _ => null,
    };

    private static string Missing(Fields fields)
    {
        if (fields.Version != "STSv1") return "its version is not STSv1";
        if (fields.Mode is null) return "it has no mode";
        if (fields.MaxAge is null) return "it has no max_age";
        return fields.Mode != StsMode.None && fields.Mx.Count == 0 ? "it has no mx" : "";
    }

    private sealed class Fields
    {
        public string? Version { get; set; }
        public StsMode? Mode { get; set; }
        public long? MaxAge { get; set; }
        public List<string> Mx { get; } = [];
    }
}

using System.Buffers;

namespace Webcluster.Protocol.Smtp;

/// <summary>Steps through the parameters of MAIL and RCPT, "KEYWORD" or "KEYWORD=value" behind spaces (RFC 5321 §4.1.2).</summary>
internal ref struct ParameterReader(ReadOnlySpan<byte> text)
{
    private static readonly SearchValues<byte> KeywordText =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-"u8);

    private ReadOnlySpan<byte> _rest = text;

    public ReadOnlySpan<byte> Name { get; private set; }

    /// <summary>Empty where the parameter has none, and only there.</summary>
    public ReadOnlySpan<byte> Value { get; private set; }

    /// <summary>False at the end, or where <paramref name="problem"/> says why it cannot go on.</summary>
    public bool TryRead(out CommandProblem? problem)
    {
        problem = null;
        var rest = _rest.TrimStart((byte)' ');
        if (rest.IsEmpty) return false;
        // Between two parameters, and between path and parameter, there is a space.
        if (rest.Length == _rest.Length) return Fail(out problem);

        var end = rest.IndexOf((byte)' ');
        var parameter = end < 0 ? rest : rest[..end];
        _rest = rest[parameter.Length..];
        var equals = parameter.IndexOf((byte)'=');
        Name = equals < 0 ? parameter : parameter[..equals];
        Value = equals < 0 ? [] : parameter[(equals + 1)..];
        if (Name.IsEmpty || Name[0] == '-' || Name.ContainsAnyExcept(KeywordText)) return Fail(out problem);
        if (equals >= 0 && (Value.IsEmpty || Value.Contains((byte)'='))) return Fail(out problem);
        return true;
    }

    private static bool Fail(out CommandProblem? problem)
    {
        problem = CommandProblem.Syntax;
        return false;
    }
}

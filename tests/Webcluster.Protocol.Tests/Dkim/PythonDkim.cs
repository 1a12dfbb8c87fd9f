using System.Text.Json;
using Xunit;

namespace Webcluster.Protocol.Tests.Dkim;

/// <summary>dkimpy, an independent implementation, run in the system's Python.</summary>
internal static class PythonDkim
{
    private const string Script = """
        import base64, json, sys
        import dkim
        ask = json.load(sys.stdin)
        message = base64.b64decode(ask['message'])
        dns = {name.encode() + b'.': text.encode() for name, text in ask['dns'].items()}
        def verify(found, n):
            try:
                return bool(found.verify(idx=n, dnsfunc=lambda name, timeout=5: dns.get(name)))
            except dkim.ValidationError:
                return False
        if ask['do'] == 'verify':
            found = dkim.DKIM(message)
            count = sum(1 for name, _ in found.headers if name.lower() == b'dkim-signature')
            answer = [verify(found, n) for n in range(count)]
        else:
            field = dkim.sign(message, b's', b'example.com', ask['pem'].encode(), canonicalize=tuple(c.encode() for c in ask['kinds']))
            answer = field.decode()
        json.dump(answer, sys.stdout)
        """;

    private static readonly string[] Interpreters = ["python3", "/usr/bin/python3"];

    /// <summary>The interpreter that has the module; null where none has.</summary>
    public static string? Interpreter { get; } =
        Array.Find(Interpreters, interpreter => Python.Run("import dkim, nacl.signing", [], interpreter).ExitCode == 0);

    public static bool[] Verify(string message, IReadOnlyDictionary<string, string> dns) => Ask<bool[]>(new Dictionary<string, object>
    {
        ["do"] = "verify", ["message"] = Octets.Of(message), ["dns"] = dns,
    });

    /// <summary>The signature field for example.com, selector s.</summary>
    public static string Sign(string message, string pem, params string[] kinds) => Ask<string>(new Dictionary<string, object>
    {
        ["do"] = "sign", ["message"] = Octets.Of(message), ["dns"] = new Dictionary<string, string>(), ["pem"] = pem, ["kinds"] = kinds,
    });

    private static T Ask<T>(Dictionary<string, object> question)
    {
        var (exitCode, output, error) = Python.Run(Script, JsonSerializer.SerializeToUtf8Bytes(question), Interpreter!);
        return exitCode == 0 ? JsonSerializer.Deserialize<T>(output)! : throw new InvalidOperationException(error);
    }
}

[AttributeUsage(AttributeTargets.Method)]
internal sealed class PythonDkimFactAttribute : FactAttribute
{
    public PythonDkimFactAttribute() => Skip = PythonDkim.Interpreter is null ? "python3 with dkimpy and PyNaCl is not installed" : null;
}

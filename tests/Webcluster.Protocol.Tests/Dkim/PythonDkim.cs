using System.Diagnostics;
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
        Array.Find(Interpreters, interpreter => Run(interpreter, "import dkim, nacl.signing", "").ExitCode == 0);

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
        var (exitCode, output, error) = Run(Interpreter!, Script, JsonSerializer.Serialize(question));
        return exitCode == 0 ? JsonSerializer.Deserialize<T>(output)! : throw new InvalidOperationException(error);
    }

    private static (int ExitCode, string Output, string Error) Run(string interpreter, string script, string input)
    {
        try
        {
            using var process = Process.Start(new ProcessStartInfo(interpreter, ["-c", script])
            {
                RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false,
            })!;
            process.StandardInput.Write(input);
            process.StandardInput.Close();
            var output = process.StandardOutput.ReadToEnd();
            var error = process.StandardError.ReadToEnd(); // a traceback at most: it fits the pipe while the output is read
            process.WaitForExit();
            return (process.ExitCode, output, error);
        }
        catch (System.ComponentModel.Win32Exception exception)
        {
            return (-1, "", exception.Message);
        }
    }
}

[AttributeUsage(AttributeTargets.Method)]
internal sealed class PythonDkimFactAttribute : FactAttribute
{
    public PythonDkimFactAttribute() => Skip = PythonDkim.Interpreter is null ? "python3 with dkimpy and PyNaCl is not installed" : null;
}

using System.ComponentModel;
using System.Diagnostics;
using System.Text;
using Xunit;

namespace Webcluster.Protocol.Tests;

/// <summary>The system's Python, for what implementations that are not ours say.</summary>
internal static class Python
{
    public static (int ExitCode, string Output, string Error) Run(string script, ReadOnlySpan<byte> input, string interpreter = "python3")
    {
        try
        {
            using var process = Process.Start(new ProcessStartInfo(interpreter, ["-c", script])
            {
                RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false,
                StandardOutputEncoding = Encoding.UTF8,
            })!;
            process.StandardInput.BaseStream.Write(input);
            process.StandardInput.Close();
            var output = process.StandardOutput.ReadToEnd();
            var error = process.StandardError.ReadToEnd(); // a traceback at most: it fits the pipe while the output is read
            process.WaitForExit();
            return (process.ExitCode, output, error);
        }
        catch (Win32Exception missing)
        {
            return (-1, "", missing.Message);
        }
    }
}

/// <summary>A test that needs python3 on the path; skipped, visibly, without it.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class PythonFactAttribute : FactAttribute
{
    private static readonly Lazy<bool> IsPresent = new(() => Python.Run("pass", []).ExitCode == 0);

    public PythonFactAttribute() => Skip = IsPresent.Value ? null : "python3 is not installed";
}

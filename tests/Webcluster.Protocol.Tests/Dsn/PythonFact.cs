using System.Diagnostics;
using Xunit;

namespace Webcluster.Protocol.Tests.Dsn;

/// <summary>A test that needs python3 on the path; skipped, visibly, without it.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class PythonFactAttribute : FactAttribute
{
    private static readonly Lazy<bool> IsPresent = new(() => Python.TryRun("pass", [], out _));

    public PythonFactAttribute() => Skip = IsPresent.Value ? null : "python3 is not installed";
}

internal static class Python
{
    public static bool TryRun(string script, byte[] input, out string output)
    {
        output = "";
        try
        {
            using var process = Process.Start(new ProcessStartInfo("python3", ["-c", "import sys; sys.stderr = sys.stdout\n" + script])
            {
                UseShellExecute = false,
                RedirectStandardInput = true,
                RedirectStandardOutput = true,
                StandardOutputEncoding = System.Text.Encoding.UTF8,
            })!;
            process.StandardInput.BaseStream.Write(input);
            process.StandardInput.Close();
            output = process.StandardOutput.ReadToEnd();
            process.WaitForExit();
            return process.ExitCode == 0;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return false;
        }
    }
}

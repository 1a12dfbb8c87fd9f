using System.Diagnostics;

namespace Webcluster.TestKit.Redis;

/// <summary>An authority and a certificate it signed, made by openssl in a folder of their own.</summary>
public sealed class RedisCertificates : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("webcluster-tls-").FullName;

    /// <param name="names">As in subjectAltName: "IP:127.0.0.1", "DNS:redis.example".</param>
    public RedisCertificates(string names)
    {
        File.WriteAllText(Path.Combine(_folder, "extensions"), $"subjectAltName={names}\n");
        Run("req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "2", "-subj", "/CN=Test authority",
            "-keyout", "ca.key", "-out", "ca.pem");
        Run("req", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-subj", "/CN=redis", "-keyout", "key.pem",
            "-out", "request.pem");
        Run("x509", "-req", "-in", "request.pem", "-CA", "ca.pem", "-CAkey", "ca.key", "-CAcreateserial", "-days", "1",
            "-extfile", "extensions", "-out", "certificate.pem");
    }

    public string Authority => Path.Combine(_folder, "ca.pem");

    public string Certificate => Path.Combine(_folder, "certificate.pem");

    public string Key => Path.Combine(_folder, "key.pem");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private void Run(params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo("openssl", arguments)
        {
            WorkingDirectory = _folder, UseShellExecute = false, RedirectStandardError = true, RedirectStandardOutput = true,
        })!;
        var errors = process.StandardError.ReadToEnd();
        process.WaitForExit();
        if (process.ExitCode != 0)
            throw new InvalidOperationException($"openssl {arguments[0]}: {errors}");
    }
}

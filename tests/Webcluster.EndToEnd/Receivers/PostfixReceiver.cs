using Webcluster.EndToEnd.TransportSecurity;

namespace Webcluster.EndToEnd.Receivers;

/// <summary>A Postfix of the test's own: takes mail for every domain into one Maildir, offers STARTTLS.</summary>
internal sealed class PostfixReceiver : IAsyncDisposable
{
    private readonly TemporaryFolder _folder;
    private readonly PostfixDaemon _daemon;

    private PostfixReceiver(TemporaryFolder folder, PostfixDaemon daemon) => (_folder, _daemon) = (folder, daemon);

    public int Port => _daemon.Port;

    private string Maildir => _folder.PathOf("mail/box/new");

    /// <param name="certificate">Null: a self-signed one.</param>
    /// <param name="more">Further lines of main.cf.</param>
    public static async Task<PostfixReceiver> StartAsync(TemporaryFolder folder, IssuedCertificate? certificate = null, string more = "")
    {
        Directory.CreateDirectory(folder.PathOf("mail"));
        await ShellAsync($"chown nobody {folder.PathOf("mail")}");
        if (certificate is null) await MakeCertificateAsync(folder);
        else Show(certificate, folder);
        return new PostfixReceiver(folder, await PostfixDaemon.StartAsync(folder, "postfix", $"""
            myhostname = mx.dest.example
            virtual_mailbox_domains = static:all
            virtual_mailbox_base = {folder.PathOf("mail")}
            virtual_mailbox_maps = static:box/
            virtual_uid_maps = static:65534
            virtual_gid_maps = static:65534
            smtpd_relay_restrictions = reject_unauth_destination
            smtpd_tls_security_level = may
            smtpd_tls_cert_file = {folder.PathOf("cert.pem")}
            smtpd_tls_key_file = {folder.PathOf("key.pem")}
            smtpd_tls_received_header = yes
            {more}
            """));
    }

    public IReadOnlyList<string> LogLines() => _daemon.LogLines();

    public IReadOnlyList<string> Mails() => Directory.Exists(Maildir) ? [.. Directory.EnumerateFiles(Maildir).Select(File.ReadAllText)] : [];

    public int CountLines(string what) => LogLines().Count(line => line.Contains(what, StringComparison.Ordinal));

    public Task WaitForAsync(int count, Func<string> whyNot) =>
        WaitAsync(() => Mails().Count >= count, () => $"{Mails().Count} of {count} mails came\n{whyNot()}");

    public Task WaitForLinesAsync(string what, int count) =>
        WaitAsync(() => CountLines(what) >= count, () => $"{CountLines(what)} of {count} lines '{what}':\n{string.Join('\n', LogLines())}");

    public ValueTask DisposeAsync() => _daemon.DisposeAsync();

    private static async Task WaitAsync(Func<bool> condition, Func<string> whyNot)
    {
        for (var end = DateTime.UtcNow.AddSeconds(60); !condition(); await Task.Delay(100))
            if (DateTime.UtcNow > end)
                throw new TimeoutException(whyNot());
    }

    private static Task<Ran> ShellAsync(string line) =>
        Tool.RunAsync("bash", ["-c", $"PATH=$PATH:/usr/sbin; {{ {line}; }} >/dev/null 2>&1"]);

    private static void Show(IssuedCertificate certificate, TemporaryFolder folder)
    {
        folder.Write("cert.pem", certificate.Pem);
        folder.Write("key.pem", certificate.KeyPem);
    }

    private static Task<Ran> MakeCertificateAsync(TemporaryFolder folder) => ShellAsync(
        "openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=mx.dest.example "
        + $"-keyout {folder.PathOf("key.pem")} -out {folder.PathOf("cert.pem")}");
}

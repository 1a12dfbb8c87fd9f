using System.Text.RegularExpressions;
using Webcluster.EndToEnd.TransportSecurity;

namespace Webcluster.EndToEnd.Receivers;

/// <summary>A Postfix of the test's own: takes mail for every domain into one Maildir, offers STARTTLS.</summary>
internal sealed class PostfixReceiver : IAsyncDisposable
{
    private readonly TemporaryFolder _folder;

    private PostfixReceiver(TemporaryFolder folder, int port) => (_folder, Port) = (folder, port);

    public int Port { get; }

    private string Configuration => _folder.PathOf("postfix");

    private string Maildir => _folder.PathOf("mail/box/new");

    /// <param name="certificate">Null: a self-signed one.</param>
    public static async Task<PostfixReceiver> StartAsync(TemporaryFolder folder, IssuedCertificate? certificate = null)
    {
        var receiver = new PostfixReceiver(folder, Ports.Free());
        var master = await File.ReadAllTextAsync(File.Exists("/usr/share/postfix/master.cf.dist") ? "/usr/share/postfix/master.cf.dist" : "/etc/postfix/master.cf");
        // No chroot, one listener.
        var services = master.Split('\n').Select(line => line.StartsWith("smtp ", StringComparison.Ordinal) && line.Contains("inet")
            ? $"127.0.0.1:{receiver.Port} inet n - n - - smtpd"
            : Regex.Replace(line, @"^(?<head>\w+ +unix(-dgram)? +[-ny] +[-ny] +)[-y]", "${head}n", RegexOptions.ExplicitCapture, TimeSpan.FromSeconds(1)));
        folder.Write("postfix/master.cf", string.Join('\n', services));
        if (certificate is null) await MakeCertificateAsync(folder);
        else Show(certificate, folder);
        foreach (var name in new[] { "queue", "data", "mail" }) Directory.CreateDirectory(folder.PathOf(name));
        folder.Write("postfix/main.cf", $"""
            compatibility_level = 3.6
            queue_directory = {folder.PathOf("queue")}
            data_directory = {folder.PathOf("data")}
            myhostname = mx.dest.example
            mydestination =
            inet_interfaces = loopback-only
            inet_protocols = ipv4
            virtual_mailbox_domains = static:all
            virtual_mailbox_base = {folder.PathOf("mail")}
            virtual_mailbox_maps = static:box/
            virtual_uid_maps = static:65534
            virtual_gid_maps = static:65534
            smtpd_relay_restrictions = reject_unauth_destination
            smtpd_tls_security_level = may
            smtpd_tls_cert_file = {folder.PathOf("postfix/cert.pem")}
            smtpd_tls_key_file = {folder.PathOf("postfix/key.pem")}
            smtpd_tls_received_header = yes
            maillog_file = /var/log/webcluster-test-postfix.log
            """);
        await ShellAsync($"chown postfix {folder.PathOf("data")}; chown nobody {folder.PathOf("mail")}; postfix -c {receiver.Configuration} start");
        await Ports.WaitForAsync(receiver.Port, TimeSpan.FromSeconds(20), () => "Postfix did not start");
        return receiver;
    }

    public IReadOnlyList<string> Mails() => Directory.Exists(Maildir) ? [.. Directory.EnumerateFiles(Maildir).Select(File.ReadAllText)] : [];

    public async Task WaitForAsync(int count, Func<string> whyNot)
    {
        for (var end = DateTime.UtcNow.AddSeconds(60); Mails().Count < count; await Task.Delay(100))
            if (DateTime.UtcNow > end)
                throw new TimeoutException($"{Mails().Count} of {count} mails came\n{whyNot()}");
    }

    public async ValueTask DisposeAsync() => await ShellAsync($"postfix -c {Configuration} stop; rm -f /var/log/webcluster-test-postfix.log");

    private static Task<Ran> ShellAsync(string line) =>
        Tool.RunAsync("bash", ["-c", $"PATH=$PATH:/usr/sbin; {{ {line}; }} >/dev/null 2>&1"]);

    private static void Show(IssuedCertificate certificate, TemporaryFolder folder)
    {
        folder.Write("postfix/cert.pem", certificate.Pem);
        folder.Write("postfix/key.pem", certificate.KeyPem);
    }

    private static Task<Ran> MakeCertificateAsync(TemporaryFolder folder) => ShellAsync(
        $"openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=mx.dest.example -keyout {folder.PathOf("postfix/key.pem")} -out {folder.PathOf("postfix/cert.pem")}");
}

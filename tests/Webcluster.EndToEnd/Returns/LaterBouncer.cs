namespace Webcluster.EndToEnd.Returns;

/// <summary>
/// A Postfix that takes all mail and finds only later that nobody is there: it reports to the return path, over SMTP, as any server on the
/// Internet would. Mail for "kept.example" stays in a Maildir.
/// </summary>
internal sealed class LaterBouncer : IAsyncDisposable
{
    private readonly TemporaryFolder _folder;
    private readonly PostfixDaemon _daemon;

    private LaterBouncer(TemporaryFolder folder, PostfixDaemon daemon) => (_folder, _daemon) = (folder, daemon);

    public int Port => _daemon.Port;

    /// <param name="returns">The port that mail for bounce.example.com goes to.</param>
    public static async Task<LaterBouncer> StartAsync(TemporaryFolder folder, int returns)
    {
        Directory.CreateDirectory(folder.PathOf("mail"));
        await Tool.RunAsync("chown", ["nobody", folder.PathOf("mail")]);
        return new LaterBouncer(folder, await PostfixDaemon.StartAsync(folder, "postfix", $$"""
            myhostname = mx.later.example
            mynetworks = 127.0.0.0/8
            smtpd_relay_restrictions = permit_mynetworks, reject
            smtpd_recipient_restrictions = permit
            smtpd_reject_unlisted_recipient = no
            virtual_mailbox_domains = kept.example
            virtual_mailbox_base = {{folder.PathOf("mail")}}
            virtual_mailbox_maps = static:box/
            virtual_uid_maps = static:65534
            virtual_gid_maps = static:65534
            default_transport = error:5.1.1 user unknown in virtual mailbox table
            transport_maps = inline:{ bounce.example.com=smtp:[127.0.0.1]:{{returns}} }
            smtp_tls_security_level = may
            """));
    }

    public async Task<string> KeptAsync(Func<string> whyNot)
    {
        var maildir = _folder.PathOf("mail/box/new");
        for (var end = DateTime.UtcNow.AddSeconds(60); ; await Task.Delay(100))
        {
            if (Directory.Exists(maildir) && Directory.EnumerateFiles(maildir).FirstOrDefault() is { } file) return await File.ReadAllTextAsync(file);
            if (DateTime.UtcNow > end) throw new TimeoutException($"no mail came\n{whyNot()}\n{Log}");
        }
    }

    /// <summary>Waits for a line of its log.</summary>
    public async Task LoggedAsync(string text)
    {
        for (var end = DateTime.UtcNow.AddSeconds(30); !Log.Contains(text, StringComparison.Ordinal); await Task.Delay(100))
            if (DateTime.UtcNow > end) throw new TimeoutException($"no line with {text}\n{Log}");
    }

    public string Log => string.Join('\n', _daemon.LogLines());

    public ValueTask DisposeAsync() => _daemon.DisposeAsync();
}

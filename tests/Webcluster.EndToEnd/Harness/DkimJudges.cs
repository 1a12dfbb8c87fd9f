using System.Text;

namespace Webcluster.EndToEnd.Harness;

/// <summary>Independent DKIM verifiers: dkimpy and Perl's Mail::DKIM. Both look the keys up in a real resolver.</summary>
internal static class DkimJudges
{
    private const string Dkimpy = """
        import sys, dkim, dns.resolver
        resolver = dns.resolver.Resolver(configure=False)
        resolver.nameservers, resolver.port = ["127.0.0.1"], int(sys.argv[1])
        def lookup(name, timeout=5):
            return b"".join(resolver.resolve(name.decode().rstrip("."), "TXT")[0].strings)
        for name in sys.argv[2:]:
            message = open(name, "rb").read()
            signatures = sum(1 for header in message.split(b"\r\n\r\n")[0].split(b"\r\n") if header.lower().startswith(b"dkim-signature:"))
            d = dkim.DKIM(message)
            print("dkimpy", [bool(d.verify(idx=i, dnsfunc=lookup)) for i in range(signatures)])
        """;

    private const string MailDkim = """
        use strict; use Mail::DKIM::Verifier; use Net::DNS::Resolver;
        my $port = shift;
        $Mail::DKIM::DNS::RESOLVER = Net::DNS::Resolver->new(nameservers => ["127.0.0.1"], port => $port, recurse => 1);
        Mail::DKIM::DNS::resolver($Mail::DKIM::DNS::RESOLVER) if Mail::DKIM::DNS->can("resolver");
        for my $name (@ARGV) {
          open(my $file, "<:raw", $name) or die; local $/; my $message = <$file>;
          my $verifier = Mail::DKIM::Verifier->new();
          $verifier->PRINT($message); $verifier->CLOSE();
          print "Mail::DKIM ", join(",", map { $_->result } $verifier->signatures), "\n";
        }
        """;

    /// <summary>What each verifier says of each message, one line each: all must be passes of both signatures.</summary>
    public static async Task<string[]> VerdictsAsync(TemporaryFolder folder, int resolverPort, IEnumerable<SunkMail> mails)
    {
        var files = mails.Select((mail, index) =>
        {
            var file = folder.PathOf($"judged-{index}.eml");
            File.WriteAllText(file, mail.Content, Encoding.Latin1);
            return file;
        }).ToList();
        var python = await Tool.RunAsync("/usr/bin/python3", ["-c", Dkimpy, $"{resolverPort}", .. files]);
        var perl = await Tool.RunAsync("perl", ["-e", MailDkim, $"{resolverPort}", .. files]);
        if (python.ExitCode != 0 || perl.ExitCode != 0) throw new InvalidOperationException($"{python}\n{perl}");
        return [.. (python.Output + perl.Output).Split('\n', StringSplitOptions.RemoveEmptyEntries)];
    }

    public static bool IsPass(string verdict) => verdict is "dkimpy [True, True]" or "Mail::DKIM pass,pass";
}

namespace Webcluster.EndToEnd.Judges;

/// <summary>Perl's Mail::DKIM. Debian 12's knows no Ed25519 and says "invalid" of it, so it counts for RSA only.</summary>
internal static class PerlMailDkim
{
    private const string Program = """
        use strict; use Mail::DKIM::Verifier; use Net::DNS::Resolver;
        my $port = shift;
        Mail::DKIM::DNS::resolver(Net::DNS::Resolver->new(nameservers => ["127.0.0.1"], port => $port, recurse => 1));
        for my $name (@ARGV) {
          open(my $file, "<:raw", $name) or die; local $/; my $message = <$file>;
          my $verifier = Mail::DKIM::Verifier->new();
          $verifier->PRINT($message); $verifier->CLOSE();
          print join(" ", sort map { $_->get_tag("a") . "=" . $_->result } $verifier->signatures), "\n";
        }
        """;

    public static async Task<IReadOnlyList<Verdict>> JudgeAsync(IReadOnlyList<string> mails, int resolverPort)
    {
        var ran = await Tool.RunAsync("perl", ["-e", Program, $"{resolverPort}", .. mails]);
        var said = ran.Lines(mails.Count);
        return [.. mails.Zip(said, (mail, line) => new Verdict("Mail::DKIM", mail, line is "ed25519-sha256=invalid rsa-sha256=pass" or "ed25519-sha256=pass rsa-sha256=pass", line))];
    }
}

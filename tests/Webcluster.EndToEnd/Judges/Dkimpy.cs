namespace Webcluster.EndToEnd.Judges;

/// <summary>dkimpy (Python): judges RSA and Ed25519.</summary>
internal static class Dkimpy
{
    private const string Program = """
        import sys, dkim, dns.resolver
        resolver = dns.resolver.Resolver(configure=False)
        resolver.nameservers, resolver.port = ["127.0.0.1"], int(sys.argv[1])
        def lookup(name, timeout=5):
            return b"".join(resolver.resolve(name.decode().rstrip("."), "TXT")[0].strings)
        def good(judge, i):
            try:
                return bool(judge.verify(idx=i, dnsfunc=lookup))
            except dkim.DKIMException:
                return False
        for name in sys.argv[2:]:
            message = open(name, "rb").read()
            signatures = sum(1 for field in message.split(b"\r\n\r\n")[0].split(b"\r\n") if field.lower().startswith(b"dkim-signature:"))
            judge = dkim.DKIM(message)
            print([good(judge, i) for i in range(signatures)])
        """;

    public static async Task<IReadOnlyList<Verdict>> JudgeAsync(IReadOnlyList<string> mails, int resolverPort)
    {
        var ran = await Tool.RunAsync("/usr/bin/python3", ["-c", Program, $"{resolverPort}", .. mails]);
        var said = ran.Lines(mails.Count);
        return [.. mails.Zip(said, (mail, line) => new Verdict("dkimpy", mail, line == "[True, True]", line))];
    }
}

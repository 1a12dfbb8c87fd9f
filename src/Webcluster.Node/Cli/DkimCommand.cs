using System.CommandLine;
using Webcluster.Node.Dkim;
using Webcluster.Protocol.Dkim;

namespace Webcluster.Node.Cli;

/// <summary>`dkim generate`: a new key, and the DNS record that makes it known.</summary>
internal static class DkimCommand
{
    public static Command Create(CliContext context) => new("dkim", "Keys that sign mail.") { Generate(context) };

    private static Command Generate(CliContext context)
    {
        var domain = new Argument<string>("domain") { Description = "The domain to sign for." };
        var selector = new Argument<string>("selector") { Description = "The name of the key under _domainkey." };
        var ed25519 = new Option<bool>("--ed25519") { Description = "Ed25519 instead of RSA-2048; use it beside an RSA key, not alone." };
        var file = new Option<string?>("--file")
        {
            Description = "Where to write the key. Default: DOMAIN.SELECTOR.pem here.", HelpName = "FILE",
        };
        var command = new Command("generate", "Make a key and print the DNS record to publish.") { domain, selector, ed25519, file };
        command.SetAction(parsed =>
        {
            var options = new DkimKeyOptions { Domain = parsed.GetValue(domain)!, Selector = parsed.GetValue(selector)! };
            // A key that nobody can use would stand in the way of the next try.
            if (DkimKey.ProblemOf(options.Domain, options.Selector, out _) is { } wrong) return context.Fail(wrong, ExitCode.Usage);
            options.File = Path.Combine(context.WorkingFolder, parsed.GetValue(file) ?? $"{options.Domain}.{options.Selector}.pem");
            if (File.Exists(options.File)) return context.Fail($"{options.File} exists; a key in use is not overwritten");
            DkimKeyFiles.Create(options.File, parsed.GetValue(ed25519) ? DkimAlgorithm.Ed25519Sha256 : DkimAlgorithm.RsaSha256);
            using var key = DkimKeyFiles.Load(options, out var problem);
            if (key is null) return context.Fail($"{options.File}: {problem}");
            context.Error.WriteLine($"key written to {options.File}; publish:");
            context.Out.WriteLine($"{key.Selector}._domainkey.{key.Domain}. IN TXT {Strings(key.DnsRecord)}");
            context.Error.WriteLine($"""
                and sign with it, in the configuration under dkim:
                  - domain: {key.Domain}
                    selector: {key.Selector}
                    file: {options.File}
                """);
            return ExitCode.Ok;
        });
        return command;
    }

    // rfc1035#3.3: a string of a TXT record has at most 255 octets; rfc6376#3.6.2.2: they are joined without a space.
    private static string Strings(string record) => string.Join(' ', record.Chunk(255).Select(part => $"\"{new string(part)}\""));
}

using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Webcluster.Submission.Tls;

namespace Webcluster.Node.Tls;

/// <summary>Reads the certificate that the listeners show, with those that issued it.</summary>
internal static class ServerCertificate
{
    /// <summary>
    /// When the configured certificate ended; null where it did not, or none can be used. A node starts with it all the same: many
    /// clients look at no dates, and the others are not helped by a node that is not there.
    /// </summary>
    public static DateTimeOffset? EndedAt(TlsOptions options, DateTimeOffset now)
    {
        var read = new SwappableCertificate();
        return options.Certificate.Length > 0 && TryLoad(options, read, out _)
            && new DateTimeOffset(read.Current!.TargetCertificate.NotAfter) is var end && end < now ? end : null;
    }

    /// <summary>Puts the configured certificate into <paramref name="target"/>; false with a reason where it cannot be used.</summary>
    public static bool TryLoad(TlsOptions options, SwappableCertificate target, out string problem)
    {
        problem = "";
        try
        {
            var chain = new X509Certificate2Collection();
            chain.ImportFromPemFile(options.Certificate);
            target.Replace(X509Certificate2.CreateFromPemFile(options.Certificate, options.Key), chain);
            return true;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or CryptographicException or ArgumentException)
        {
            problem = $"cannot be used with {options.Key}: {error.Message.TrimEnd('.')}";
            return false;
        }
    }
}

using System.Security.Cryptography;
using Webcluster.Node.Configuration;
using Webcluster.Node.Dkim;
using Webcluster.Node.Files;
using Webcluster.Protocol.Dkim;
using Webcluster.Submission.Auth;

namespace Webcluster.Node.FirstRun;

/// <summary>
/// Makes what the first run's own configuration names and is not there yet: state folder, certificate, DKIM keys, one user. A file that a
/// variable names is never touched.
/// </summary>
internal static class FirstRunSetup
{
    private const int PasswordLength = 24;

    // No characters that a shell, a URL or a reader takes for something else.
    private const string PasswordLetters = "abcdefghijkmnpqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789";

    /// <returns>The new user's password, to be shown this once; null where none was made.</returns>
    /// <exception cref="IOException">The state folder cannot be written.</exception>
    public static string? Ensure(LoadedConfiguration loaded, DateTimeOffset now)
    {
        var (options, toMake) = (loaded.Options, loaded.FilesToMake);
        PrivateFile.EnsureFolder(options.Node.StateFolder);
        if (toMake.Contains(FirstRunConfiguration.CertificateKey))
            SelfSignedCertificate.Ensure(options.Tls.Certificate, options.Tls.Key, now);
        foreach (var (index, key) in options.Dkim.Index())
            if (toMake.Contains(FirstRunConfiguration.DkimFileKey(index)) && !File.Exists(key.File))
                DkimKeyFiles.Create(key.File, key.Selector == "ed25519" ? DkimAlgorithm.Ed25519Sha256 : DkimAlgorithm.RsaSha256);
        return toMake.Contains(FirstRunConfiguration.UsersKey) ? EnsureUser(new CredentialFile(options.Submission.Auth.Users)) : null;
    }

    public static string NewPassword() => RandomNumberGenerator.GetString(PasswordLetters, PasswordLength);

    private static string? EnsureUser(CredentialFile users)
    {
        if (users.ReadIfAny(out _).ContainsKey(FirstRunConfiguration.UserName)) return null;
        var password = NewPassword();
        var problem = users.Set(new NewUser(FirstRunConfiguration.UserName, password));
        return problem is null ? password : throw new IOException($"{users.Path}: {problem}");
    }
}

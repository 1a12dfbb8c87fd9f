using System.Security.Cryptography;
using Webcluster.Node.Configuration;
using Webcluster.Node.Dkim;
using Webcluster.Node.Files;
using Webcluster.Protocol.Dkim;
using Webcluster.Submission.Auth;

namespace Webcluster.Node.FirstRun;

/// <summary>Makes what the first run's configuration names and is not there yet: state folder, certificate, DKIM keys, one user.</summary>
internal static class FirstRunSetup
{
    private const int PasswordLength = 24;

    // No characters that a shell, a URL or a reader takes for something else.
    private const string PasswordLetters = "abcdefghijkmnpqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789";

    /// <returns>The new user's password, to be shown this once; null where the user was there already.</returns>
    /// <exception cref="IOException">The state folder cannot be written.</exception>
    public static string? Ensure(NodeOptions options, DateTimeOffset now)
    {
        PrivateFile.EnsureFolder(options.Node.StateFolder);
        SelfSignedCertificate.Ensure(options.Tls.Certificate, options.Tls.Key, now);
        foreach (var key in options.Dkim)
            if (!File.Exists(key.File))
                DkimKeyFiles.Create(key.File, key.Selector == "ed25519" ? DkimAlgorithm.Ed25519Sha256 : DkimAlgorithm.RsaSha256);
        return EnsureUser(new CredentialFile(options.Submission.Auth.Users));
    }

    public static string NewPassword() => RandomNumberGenerator.GetString(PasswordLetters, PasswordLength);

    private static string? EnsureUser(CredentialFile users)
    {
        if (users.Read(out _).ContainsKey(FirstRunConfiguration.UserName)) return null;
        var password = NewPassword();
        var problem = users.Set(new NewUser(FirstRunConfiguration.UserName, password));
        return problem is null ? password : throw new IOException($"{users.Path}: {problem}");
    }
}

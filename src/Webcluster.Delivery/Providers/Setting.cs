using System.Diagnostics;
using System.Globalization;
using Webcluster.Delivery.TransportSecurity;
using Webcluster.Protocol.Units;
using Webcluster.Queue.Traffic;

namespace Webcluster.Delivery.Providers;

/// <summary>Whose traffic a limit counts.</summary>
public enum LimitScope
{
    /// <summary>All that goes to the provider, from all sources together.</summary>
    Provider,

    /// <summary>What goes to the provider from one source.</summary>
    Source,
}

/// <summary>One value that is in force, and where it was said.</summary>
/// <param name="Key">As configuration writes it.</param>
public sealed record Setting(LimitScope Scope, string Key, object Value, string Origin)
{
    internal const string Connections = "connections";
    internal const string MessagesPerConnection = "messages_per_connection";
    internal const string Messages = "messages";
    internal const string ConnectionRate = "connection_rate";
    internal const string Bytes = "bytes";
    internal const string FirstAttempts = "first_attempts";
    internal const string RecipientsPerTransaction = "recipients_per_transaction";
    internal const string Tls = "tls";
    internal const string ClientCertificate = "client_certificate";

    /// <summary>The key with the section of <see cref="ProviderOptions"/> it stands in: "per_source.connections".</summary>
    public string Path => PathOf(Scope, Key);

    /// <summary>The value as configuration writes it; of a pair of files, the public one.</summary>
    public string Text => Value switch
    {
        Rate rate when Key == Bytes => SizeRate(rate),
        TlsPolicy policy => policy.ToString().ToLowerInvariant(),
        ClientCertificateOptions pair => pair.Certificate,
        _ => Convert.ToString(Value, CultureInfo.InvariantCulture)!,
    };

    internal static string PathOf(LimitScope scope, string key) => (scope, key) switch
    {
        (_, RecipientsPerTransaction or Tls or ClientCertificate) => key,
        (LimitScope.Provider, _) => $"limits.{key}",
        (LimitScope.Source, _) => $"per_source.{key}",
        _ => throw new UnreachableException(),
    };

    private static string SizeRate(Rate rate)
    {
        var text = rate.ToString();
        var slash = text.IndexOf('/');
        return new ByteSize(rate.Amount) + text[slash..];
    }
}

using System.Collections.Frozen;
using Webcluster.Protocol.Addresses;

namespace Webcluster.Protocol.Tokens;

/// <summary>
/// The addresses that reports of failed mail come back to: "b+TOKEN@domain", the domain being the tenant's own or the common one. Pure.
/// </summary>
/// <param name="domains">Of tenants that have their own.</param>
/// <param name="validity">How long a return path is good for.</param>
public sealed class ReturnPaths(string domain, IReadOnlyDictionary<string, string> domains, TokenKeyRing keys, TimeSpan validity)
{
    /// <summary>What a local part begins with that has a token.</summary>
    public const string Prefix = "b+";

    /// <summary>The header field that names a message to those who quote it in a complaint.</summary>
    public const string ReferenceField = "X-Webcluster-Ref";

    private readonly FrozenDictionary<string, string> _domains = domains.ToFrozenDictionary(StringComparer.Ordinal);

    /// <summary>All domains of return paths.</summary>
    public FrozenSet<string> Domains { get; } = domains.Values.Append(domain).ToFrozenSet(StringComparer.Ordinal);

    public string DomainOf(string tenant) => _domains.GetValueOrDefault(tenant, domain);

    /// <summary>The return path of a transaction.</summary>
    /// <param name="recipients">Those of the transaction: a report for the only one needs not say whom it is about.</param>
    public Mailbox For(string tenant, Guid message, IReadOnlyList<Mailbox> recipients, DateTimeOffset now) =>
        new(Prefix + Write(TokenKind.ReturnPath, message, RecipientMark.Of(message, tenant, recipients), now), DomainOf(tenant));

    /// <summary>What names a message in its own header, for reports that quote it.</summary>
    public string Reference(string tenant, Guid message, IReadOnlyList<Mailbox> recipients, DateTimeOffset now) =>
        Write(TokenKind.Reference, message, RecipientMark.Of(message, tenant, recipients), now);

    /// <summary>Is it the address of a return path, with whatever token?</summary>
    public bool IsReturnPath(Mailbox address) =>
        Domains.Contains(address.Domain) && address.LocalPart.StartsWith(Prefix, StringComparison.OrdinalIgnoreCase);

    /// <param name="address">One that <see cref="IsReturnPath"/>.</param>
    public TokenProblem Read(Mailbox address, DateTimeOffset now, out ReturnToken token) =>
        ReturnToken.Read(address.LocalPart.AsSpan(Prefix.Length), TokenKind.ReturnPath, keys, now, out token);

    /// <summary>What a report quotes of a message: the token of its reference field, or of its return path.</summary>
    public TokenProblem ReadReference(ReadOnlySpan<char> text, DateTimeOffset now, out ReturnToken token)
    {
        var problem = ReturnToken.Read(text, TokenKind.Reference, keys, now, out token);
        return problem == TokenProblem.Malformed ? ReturnToken.Read(text, TokenKind.ReturnPath, keys, now, out token) : problem;
    }

    private string Write(TokenKind kind, Guid message, RecipientMark recipient, DateTimeOffset now) =>
        new ReturnToken(kind, message, recipient, TokenDay.Of(now + validity)).Write(keys);
}

using System.Text;

namespace Webcluster.Protocol.Dkim;

/// <summary>A DKIM-Signature field, read and judged as far as it can be without key, body or clock (RFC 6376 §3.5, §6.1.1).</summary>
internal sealed class SignatureField
{
    internal const int MaxSignedNames = 512;

    private readonly int _valueStart;

    private SignatureField(ReadOnlyMemory<byte> field)
    {
        Octets = field;
        _valueStart = field.Span.IndexOf((byte)':') + 1;
    }

    /// <summary>None where all below is set and sound; d= and s= are set where they could be read.</summary>
    internal DkimProblem Problem { get; private set; }

    internal ReadOnlyMemory<byte> Octets { get; }

    /// <summary>The value of b= in the field, with the white space around it: what is taken out before hashing.</summary>
    internal (int Start, int End) SignatureValue { get; private set; }

    internal string Domain { get; private set; } = "";
    internal string Selector { get; private set; } = "";
    internal DkimAlgorithm Algorithm { get; private set; }
    internal Canonicalization HeaderKind { get; private set; }
    internal Canonicalization BodyKind { get; private set; }
    internal byte[] BodyHash { get; private set; } = [];
    internal byte[] Signature { get; private set; } = [];
    internal List<ReadOnlyMemory<byte>> SignedNames { get; } = [];

    /// <summary>l=; all of the body where it is absent.</summary>
    internal long? BodyLength { get; private set; }

    /// <summary>t= in Unix seconds; 0 where it is absent.</summary>
    internal long SignedAt { get; private set; }

    /// <summary>x= in Unix seconds; the largest long where it is absent or beyond 12 digits.</summary>
    internal long ExpiresAt { get; private set; } = long.MaxValue;

    /// <summary>Is the domain of i= below d=? Some keys forbid that.</summary>
    internal bool IsIdentityInSubdomain { get; private set; }

    internal static SignatureField Parse(ReadOnlyMemory<byte> field)
    {
        var signature = new SignatureField(field);
        var value = field[signature._valueStart..];
        if (value.Span.EndsWith("\r\n"u8))
            value = value[..^2];
        var problem = TagList.Parse(value, out var tags);
        if (problem == DkimProblem.None)
            problem = signature.Read(tags);
        signature.Problem = problem;
        return signature;
    }

    private DkimProblem Read(TagList tags)
    {
        var signer = ReadSigner(tags);
        if (signer != DkimProblem.None)
            return signer;
        var how = ReadAlgorithms(tags);
        if (how != DkimProblem.None)
            return how;
        var what = ReadSignedNames(tags);
        if (what != DkimProblem.None)
            return what;
        var hashes = ReadHashes(tags);
        return hashes != DkimProblem.None ? hashes : ReadTimes(tags);
    }

    private DkimProblem ReadSigner(TagList tags)
    {
        if (!tags.TryGet("d"u8, out var domain) || !tags.TryGet("s"u8, out var selector))
            return DkimProblem.MissingTag;
        if (SignatureSyntax.NormalizedName(domain.Span) is not { } name || !name.Contains('.'))
            return DkimProblem.BadDomain;
        Domain = name;
        if (SignatureSyntax.NormalizedName(selector.Span) is not { } label)
            return DkimProblem.BadSelector;
        Selector = label;
        if (!tags.TryGet("v"u8, out var version))
            return DkimProblem.MissingTag;
        if (!version.Span.SequenceEqual("1"u8))
            return DkimProblem.UnknownVersion;
        return tags.TryGet("i"u8, out var identity) ? ReadIdentity(identity.Span) : DkimProblem.None;
    }

    /// <summary>rfc6376#3.5 i=: its domain is that of d= or below. The local part is for people, and not looked at.</summary>
    private DkimProblem ReadIdentity(ReadOnlySpan<byte> identity)
    {
        var at = identity.LastIndexOf((byte)'@');
        if (at < 0 || SignatureSyntax.NormalizedName(TagList.Trim(identity[(at + 1)..])) is not { } domain)
            return DkimProblem.IdentityOutsideDomain;
        IsIdentityInSubdomain = domain.Length > Domain.Length && domain.EndsWith($".{Domain}", StringComparison.Ordinal);
        return IsIdentityInSubdomain || domain == Domain ? DkimProblem.None : DkimProblem.IdentityOutsideDomain;
    }

    private DkimProblem ReadAlgorithms(TagList tags)
    {
        if (!tags.TryGet("a"u8, out var name))
            return DkimProblem.MissingTag;
        if (Ascii.EqualsIgnoreCase(name.Span, "rsa-sha1"u8)) // rfc8301#3.1
            return DkimProblem.Sha1Refused;
        if (SignatureSyntax.Algorithm(name.Span) is not { } algorithm)
            return DkimProblem.UnknownAlgorithm;
        var text = tags.TryGet("c"u8, out var kinds) ? kinds.Span : "simple/simple"u8;
        if (SignatureSyntax.Canonicalizations(text) is not var (header, body))
            return DkimProblem.UnknownCanonicalization;
        (Algorithm, HeaderKind, BodyKind) = (algorithm, header, body);
        return tags.TryGet("q"u8, out var methods) && !SignatureSyntax.Lists(methods.Span, "dns/txt"u8)
            ? DkimProblem.UnknownQueryMethod
            : DkimProblem.None;
    }

    private DkimProblem ReadSignedNames(TagList tags)
    {
        if (!tags.TryGet("h"u8, out var names))
            return DkimProblem.MissingTag;
        var from = false;
        foreach (var part in names.Span.Split((byte)':'))
        {
            var name = TagList.Trim(names[part]);
            if (name.IsEmpty || name.Span.ContainsAnyExceptInRange((byte)'!', (byte)'~') || SignedNames.Count == MaxSignedNames)
                return DkimProblem.BadSignedNames;
            SignedNames.Add(name);
            from |= Ascii.EqualsIgnoreCase(name.Span, "From"u8);
        }
        return from ? DkimProblem.None : DkimProblem.FromNotSigned; // rfc6376#5.4
    }

    private DkimProblem ReadHashes(TagList tags)
    {
        if (!tags.TryGet("b"u8, out var signature) || !tags.TryGet("bh"u8, out var bodyHash))
            return DkimProblem.MissingTag;
        if (SignatureSyntax.Base64Octets(signature.Span) is not { Length: > 0 } octets
            || SignatureSyntax.Base64Octets(bodyHash.Span) is not { Length: BodyDigest.HashOctets } hash)
            return DkimProblem.BadBase64;
        (Signature, BodyHash) = (octets, hash);
        tags.TryFind("b"u8, out var value);
        SignatureValue = (_valueStart + value.Start.Value, _valueStart + value.End.Value);
        if (tags.TryGet("l"u8, out var length) && (BodyLength = SignatureSyntax.Number(length.Span, maxDigits: 76)) < 0)
            return DkimProblem.BadBodyLength;
        return DkimProblem.None;
    }

    /// <summary>rfc6376#3.5 t=, x=: seconds; what has more than 12 digits is infinite.</summary>
    private DkimProblem ReadTimes(TagList tags)
    {
        if (tags.TryGet("t"u8, out var signed) && (SignedAt = Time(signed.Span)) < 0)
            return DkimProblem.BadTime;
        if (tags.TryGet("x"u8, out var expires) && (ExpiresAt = Time(expires.Span)) < 0)
            return DkimProblem.BadTime;
        return ExpiresAt > SignedAt ? DkimProblem.None : DkimProblem.BadTime;

        static long Time(ReadOnlySpan<byte> text)
        {
            var seconds = SignatureSyntax.Number(text, maxDigits: 76);
            return seconds > 999_999_999_999 ? long.MaxValue : seconds;
        }
    }
}

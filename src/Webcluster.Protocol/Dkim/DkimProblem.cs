using System.Diagnostics;

namespace Webcluster.Protocol.Dkim;

/// <summary>Why a signature does not verify.</summary>
internal enum DkimProblem
{
    None,
    NotATagList,
    TooManyTags,
    DuplicateTag,
    MissingTag,
    UnknownVersion,
    BadDomain,
    BadSelector,
    Sha1Refused,
    UnknownAlgorithm,
    UnknownCanonicalization,
    UnknownQueryMethod,
    BadSignedNames,
    FromNotSigned,
    BadBase64,
    BadBodyLength,
    BadTime,
    IdentityOutsideDomain,
    Expired,
    SignedInFuture,
    MalformedHeader,
    UnsignedFrom,
    DnsUnavailable,
    NoKey,
    BadKeyRecord,
    KeyRevoked,
    KeyForOtherAlgorithm,
    KeyForOtherHash,
    KeyForOtherService,
    KeyForbidsSubdomain,
    KeyTooSmall,
    KeyTooLarge,
    BodyTooShort,
    BodyChanged,
    SignatureWrong,
}

/// <summary>
/// The status and text of each problem (RFC 8601 §2.7.1). PermError where RFC 6376 §6.1 says PERMFAIL before any hash is compared.
/// </summary>
internal static class DkimProblems
{
    internal static (DkimStatus Status, string Text) Describe(DkimProblem problem) => problem switch
    {
        DkimProblem.None => (DkimStatus.Pass, ""),
        DkimProblem.NotATagList => (DkimStatus.PermError, "the signature field is no tag-list"),
        DkimProblem.TooManyTags => (DkimStatus.PermError, $"more than {TagList.MaxTags} tags"),
        DkimProblem.DuplicateTag => (DkimStatus.PermError, "a tag stands twice"),
        DkimProblem.MissingTag => (DkimStatus.PermError, "a required tag is missing (v, a, b, bh, d, h, s)"),
        DkimProblem.UnknownVersion => (DkimStatus.PermError, "v= is not 1"),
        DkimProblem.BadDomain => (DkimStatus.PermError, "d= is no domain name"),
        DkimProblem.BadSelector => (DkimStatus.PermError, "s= is no selector"),
        DkimProblem.Sha1Refused => (DkimStatus.PermError, "rsa-sha1 is refused (RFC 8301)"),
        DkimProblem.UnknownAlgorithm => (DkimStatus.PermError, "a= is unknown"),
        DkimProblem.UnknownCanonicalization => (DkimStatus.PermError, "c= is unknown"),
        DkimProblem.UnknownQueryMethod => (DkimStatus.Neutral, "q= names no known method"),
        DkimProblem.BadSignedNames => (DkimStatus.PermError, "h= is no list of field names"),
        DkimProblem.FromNotSigned => (DkimStatus.PermError, "h= does not name From"),
        DkimProblem.BadBase64 => (DkimStatus.PermError, "b= or bh= is no base64 of the right size"),
        DkimProblem.BadBodyLength => (DkimStatus.PermError, "l= is no number"),
        DkimProblem.BadTime => (DkimStatus.PermError, "t= or x= is no time, or x= is not after t="),
        DkimProblem.IdentityOutsideDomain => (DkimStatus.PermError, "i= is not within d="),
        DkimProblem.Expired => (DkimStatus.PermError, "the signature has expired"),
        DkimProblem.SignedInFuture => (DkimStatus.PermError, "t= lies in the future"),
        DkimProblem.MalformedHeader => (DkimStatus.PermError, "the message's header is malformed or too large"),
        DkimProblem.UnsignedFrom => (DkimStatus.PermError, "the message has no From, or more than h= covers"),
        DkimProblem.DnsUnavailable => (DkimStatus.TempError, "the key could not be looked up"),
        DkimProblem.NoKey => (DkimStatus.PermError, "there is no key record"),
        DkimProblem.BadKeyRecord => (DkimStatus.PermError, "the key record is malformed"),
        DkimProblem.KeyRevoked => (DkimStatus.PermError, "the key is revoked"),
        DkimProblem.KeyForOtherAlgorithm => (DkimStatus.PermError, "the key is of another type than a= says"),
        DkimProblem.KeyForOtherHash => (DkimStatus.PermError, "the key record does not allow sha256"),
        DkimProblem.KeyForOtherService => (DkimStatus.PermError, "the key is not for mail"),
        DkimProblem.KeyForbidsSubdomain => (DkimStatus.PermError, "the key forbids a subdomain in i="),
        DkimProblem.KeyTooSmall => (DkimStatus.PermError, "the key has less than 1024 bits (RFC 8301)"),
        DkimProblem.KeyTooLarge => (DkimStatus.PermError, "the key has more than 8192 bits"),
        DkimProblem.BodyTooShort => (DkimStatus.PermError, "the body is shorter than l="),
        DkimProblem.BodyChanged => (DkimStatus.Fail, "the body hash does not match"),
        DkimProblem.SignatureWrong => (DkimStatus.Fail, "the signature does not match"),
        _ => throw new UnreachableException(),
    };
}

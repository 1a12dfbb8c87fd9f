using System.Text;
using Webcluster.Protocol.Buffers;
using Webcluster.Protocol.Headers;

namespace Webcluster.Protocol.Dkim;

/// <summary>
/// Checks the signatures of one message at one time (RFC 6376 §6.1): the field itself, the message, the key, the body, the signature.
/// </summary>
internal sealed class SignatureCheck(HeaderBlock message, DateTimeOffset now)
{
    /// <summary>Clocks differ; a signature from this far ahead is still taken.</summary>
    internal const int MaxSecondsAhead = 300;

    /// <summary>Of several records at the key's name each may be tried (RFC 6376 §6.1.2), up to so many.</summary>
    internal const int MaxRecords = 4;

    private readonly Dictionary<(Canonicalization, long), (byte[] Hash, long Length)> _bodies = [];

    /// <param name="index">Which field of the header it is.</param>
    internal async ValueTask<DkimResult> RunAsync(int index, DkimKeyLookup lookup, CancellationToken cancellation)
    {
        var field = message.Fields[index];
        var signature = SignatureField.Parse(message.Message[field.Start..field.End]);
        var problem = signature.Problem;
        if (problem == DkimProblem.None)
            problem = CheckMessage(signature);
        if (problem != DkimProblem.None)
            return Result(signature, problem);
        var records = await lookup($"{signature.Selector}._domainkey.{signature.Domain}", cancellation);
        return records switch
        {
            null => Result(signature, DkimProblem.DnsUnavailable),
            [] => Result(signature, DkimProblem.NoKey),
            _ => TryRecords(signature, index, records),
        };
    }

    private static DkimResult Result(SignatureField signature, DkimProblem problem)
    {
        var (status, text) = DkimProblems.Describe(problem);
        return new DkimResult(status, signature.Domain, signature.Selector, text);
    }

    private DkimProblem CheckMessage(SignatureField signature)
    {
        if (message.Defects != HeaderDefects.None)
            return DkimProblem.MalformedHeader;
        // rfc6376#8.15: a From that is not signed is a From that anybody wrote
        var from = message.Count("From"u8);
        if (from == 0 || from > signature.SignedNames.Count(name => Ascii.EqualsIgnoreCase(name.Span, "From"u8)))
            return DkimProblem.UnsignedFrom;
        var seconds = now.ToUnixTimeSeconds();
        if (signature.ExpiresAt < seconds)
            return DkimProblem.Expired;
        return signature.SignedAt - MaxSecondsAhead > seconds ? DkimProblem.SignedInFuture : DkimProblem.None;
    }

    /// <summary>The first record that verifies; where none does, what is wrong with the first.</summary>
    private DkimResult TryRecords(SignatureField signature, int index, IReadOnlyList<string> records)
    {
        DkimResult? first = null;
        foreach (var record in records.Take(MaxRecords))
        {
            var result = TryRecord(signature, index, record);
            if (result.Status == DkimStatus.Pass)
                return result;
            first ??= result;
        }
        return first!;
    }

    private DkimResult TryRecord(SignatureField signature, int index, string text)
    {
        var unsigned = 0L;
        var problem = KeyRecord.Parse(text, out var key);
        if (problem == DkimProblem.None)
            problem = key.Admits(signature);
        if (problem == DkimProblem.None)
            problem = CheckBody(signature, out unsigned);
        if (problem == DkimProblem.None)
            problem = CheckHeader(signature, index, key);
        return Result(signature, problem) with { IsTesting = key.IsTesting, UnsignedBodyOctets = unsigned };
    }

    /// <summary>rfc6376#3.5 l=: what stands behind it is not looked at, only counted. It may not be more than there is.</summary>
    private DkimProblem CheckBody(SignatureField signature, out long unsigned)
    {
        var limit = signature.BodyLength ?? long.MaxValue;
        if (!_bodies.TryGetValue((signature.BodyKind, limit), out var body))
        {
            var hash = new byte[BodyDigest.HashOctets];
            var length = BodyDigest.Compute(signature.BodyKind, message.Message.Span[message.BodyOffset..], hash, limit);
            _bodies[(signature.BodyKind, limit)] = body = (hash, length);
        }
        unsigned = Math.Max(0, body.Length - limit);
        if (signature.BodyLength > body.Length)
            return DkimProblem.BodyTooShort;
        return body.Hash.AsSpan().SequenceEqual(signature.BodyHash) ? DkimProblem.None : DkimProblem.BodyChanged;
    }

    private DkimProblem CheckHeader(SignatureField signature, int index, KeyRecord key)
    {
        using var fields = new RentedWriter(message.HeaderLength);
        CanonicalHeader.AppendFields(new SignableHeader(added: null, message), signature.SignedNames, signature.HeaderKind, index, fields);
        var (start, end) = signature.SignatureValue;
        byte[] unsigned = [.. signature.Octets.Span[..start], .. signature.Octets.Span[end..]];
        Span<byte> hash = stackalloc byte[BodyDigest.HashOctets];
        CanonicalHeader.Hash(fields, unsigned, signature.HeaderKind, hash);
        return key.Verify(signature, hash);
    }
}

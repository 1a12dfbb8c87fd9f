using System.Buffers.Text;
using System.Diagnostics;

namespace Webcluster.Protocol.Smtp;

/// <summary>Reads the parameters of MAIL: SIZE, BODY, SMTPUTF8, RET, ENVID, AUTH, REQUIRETLS. Each may stand once; any other is
/// refused.</summary>
internal ref struct MailParameterParser
{
    /// <summary>rfc3461#4.4</summary>
    private const int MaxEnvelopeId = 100;

    private long? _size;
    private MailBody _body;
    private bool _smtpUtf8;
    private bool _requireTls;
    private DsnReturn _return;
    private string? _envelopeId;
    private string? _submitter;

    [Flags]
    private enum Parameters : byte { None = 0, Size = 1, Body = 2, SmtpUtf8 = 4, Return = 8, EnvelopeId = 16, Auth = 32, RequireTls = 64 }

    /// <returns>Null where all is well.</returns>
    public static CommandProblem? Parse(ReadOnlySpan<byte> text, out MailParameters result)
    {
        result = MailParameters.None;
        var parser = default(MailParameterParser);
        var reader = new ParameterReader(text);
        var seen = Parameters.None;
        CommandProblem? problem;
        while (reader.TryRead(out problem))
        {
            var parameter = Identify(reader.Name);
            if (parameter == Parameters.None) return CommandProblem.UnknownParameter;
            if (seen.HasFlag(parameter)) return CommandProblem.DuplicateParameter;
            seen |= parameter;
            problem = parser.Read(parameter, reader.Value);
            if (problem is not null) return problem;
        }

        if (problem is null && seen != Parameters.None) result = parser.Result;
        return problem;
    }

    private readonly MailParameters Result => new(_size, _body, _smtpUtf8, _return, _envelopeId, _submitter) { RequireTls = _requireTls };

    private static Parameters Identify(ReadOnlySpan<byte> name) => Keyword.Fold(name, stackalloc char[Keyword.MaxLength]) switch
    {
        "SIZE" => Parameters.Size,
        "BODY" => Parameters.Body,
        "SMTPUTF8" => Parameters.SmtpUtf8,
        "RET" => Parameters.Return,
        "ENVID" => Parameters.EnvelopeId,
        "AUTH" => Parameters.Auth,
        "REQUIRETLS" => Parameters.RequireTls,
        _ => Parameters.None,
    };

    private CommandProblem? Read(Parameters parameter, ReadOnlySpan<byte> value) => parameter switch
    {
        Parameters.Size => Invalid(!TryReadSize(value)),
        Parameters.Body => ReadBody(value),
        Parameters.SmtpUtf8 => Invalid(!(_smtpUtf8 = value.IsEmpty)),
        Parameters.Return => Invalid(!TryReadReturn(value)),
        // rfc3461#4.4
        Parameters.EnvelopeId => Invalid(value.IsEmpty || value.Length > MaxEnvelopeId || !TryDecode(value, out _envelopeId)),
        // rfc4954#5
        Parameters.Auth => Invalid(value.IsEmpty || !TryDecode(value, out _submitter)),
        // rfc8689#3
        Parameters.RequireTls => Invalid(!(_requireTls = value.IsEmpty)),
        Parameters.None => CommandProblem.UnknownParameter,
        _ => throw new UnreachableException(),
    };

    private static CommandProblem? Invalid(bool invalid) => invalid ? CommandProblem.InvalidParameterValue : null;

    private static bool TryDecode(ReadOnlySpan<byte> value, out string? decoded)
    {
        var valid = Xtext.TryDecode(value, out var text);
        decoded = valid ? text : null;
        return valid;
    }

    // rfc1870#5
    private bool TryReadSize(ReadOnlySpan<byte> value)
    {
        if (value.ContainsAnyExceptInRange((byte)'0', (byte)'9') || !Utf8Parser.TryParse(value, out long size, out _)) return false;
        _size = size;
        return true;
    }

    private CommandProblem? ReadBody(ReadOnlySpan<byte> value)
    {
        switch (Keyword.Fold(value, stackalloc char[Keyword.MaxLength]))
        {
            case "7BIT":
                _body = MailBody.SevenBit;
                return null;
            case "8BITMIME":
                _body = MailBody.EightBitMime;
                return null;
            // rfc5321#4.1.1.11: a value that is known and not offered is 555, as a parameter that is not offered.
            case "BINARYMIME":
                return CommandProblem.UnknownParameter;
            default:
                return CommandProblem.InvalidParameterValue;
        }
    }

    // rfc3461#4.3
    private bool TryReadReturn(ReadOnlySpan<byte> value)
    {
        _return = Keyword.Fold(value, stackalloc char[Keyword.MaxLength]) switch
        {
            "FULL" => DsnReturn.Full,
            "HDRS" => DsnReturn.Headers,
            _ => DsnReturn.NotGiven,
        };
        return _return != DsnReturn.NotGiven;
    }
}

using System.Buffers.Text;
using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Unicode;
using Webcluster.Protocol.Smtp;
using Webcluster.Submission.Auth;
using Webcluster.Submission.Replies;

namespace Webcluster.Submission.Sessions;

/// <content>AUTH PLAIN (RFC 4616) and AUTH LOGIN, as RFC 4954 frames them.</content>
internal sealed partial class SmtpSession
{
    private async ValueTask AuthenticateAsync(SmtpCommand.Auth command, CancellationToken cancellation)
    {
        if (_user is not null)
        {
            Reply(ServerReply.AlreadyAuthenticated);
        }
        else if (_client.Listener.Stranger is not null)
        {
            Reply(ServerReply.NotImplemented);
        }
        else if (!MayAuthenticate)
        {
            Reply(ServerReply.EncryptionRequired);
        }
        else if (command.Mechanism is not ("PLAIN" or "LOGIN"))
        {
            Reply(ServerReply.UnknownMechanism);
        }
        else
        {
            var isPlain = command.Mechanism == "PLAIN";
            var login = await (isPlain ? ReadPlainAsync(command.InitialResponse) : ReadLoginAsync(command.InitialResponse));
            if (login is { } given) await VerifyAsync(given, cancellation);
        }
    }

    private async ValueTask VerifyAsync(SaslLogin login, CancellationToken cancellation)
    {
        // Nobody may act as somebody else, and nobody has an empty password: such a try costs what any wrong one costs.
        var isHonest = (login.Authorize.Length == 0 || login.Authorize == login.Name) && login.Password.Length > 0;
        var name = isHonest ? login.Name : "";
        var result = await _services.Authenticator.AuthenticateAsync(name, login.Password, _client.Address, cancellation);
        _services.Metrics.Authenticated(result);
        switch (result)
        {
            case AuthResult.Accepted(var user):
                Become(user);
                _services.Log.AuthAccepted(user.Name, _client.Address);
                Reply(ServerReply.Authenticated);
                break;
            case AuthResult.Rejected(var delay):
                _services.Log.AuthRejected(_client.Address, _client.Listener.Name);
                await Task.Delay(delay, _services.Time, cancellation);
                Reply(ServerReply.AuthFailed);
                if (++_authFailures >= _services.Policy.Auth.FailuresPerSession) Reply(ServerReply.TooManyAuthFailures);
                break;
            case AuthResult.Overloaded:
                Reply(ServerReply.AuthOverloaded);
                break;
            case AuthResult.Unknown:
                Reply(ServerReply.UsersUnknown);
                break;
            case AuthResult.Blocked:
                Reply(ServerReply.TooManyAuthFailures);
                break;
        }
    }

    private void Become(Credential user) => (_user, _principal) = (user, user.Principal);

    /// <summary>Sees to it that a user who has authenticated is what he is now; false where he is to authenticate again.</summary>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<bool> ConfirmUserAsync(CancellationToken cancellation)
    {
        if (_user is null) return true;
        var now = await _services.Authenticator.ConfirmAsync(_user, cancellation);
        if (now is null) return false;
        if (!ReferenceEquals(now, _user)) Become(now);
        return true;
    }

    private async ValueTask<SaslLogin?> ReadPlainAsync(string? initial)
    {
        var message = initial is null ? await AskAsync(ServerReply.AuthChallenge) : Decode(initial);
        if (message is null) return null;
        if (SaslPlain.TryParse(message, out var login)) return login;
        Reply(ServerReply.AuthNotBase64);
        return null;
    }

    private async ValueTask<SaslLogin?> ReadLoginAsync(string? initial)
    {
        var name = initial is null ? await AskAsync(ServerReply.AskUserName) : Decode(initial);
        if (name is null || await AskAsync(ServerReply.AskPassword) is not { } password) return null;
        if (Utf8.IsValid(name)) return new SaslLogin("", Encoding.UTF8.GetString(name), password);
        Reply(ServerReply.AuthNotBase64);
        return null;
    }

    // Null where the exchange is over, and the client has been told so.
    private async ValueTask<byte[]?> AskAsync(ServerReply prompt)
    {
        Reply(prompt);
        switch (await ReadAuthLineAsync())
        {
            case ReadStatus.Ready when _connection.Line.SequenceEqual("*"u8):
                Reply(ServerReply.AuthCancelled);
                return null;
            case ReadStatus.Ready:
                return Decode(Encoding.ASCII.GetString(_connection.Line));
            case ReadStatus.TooLong:
                Reply(ServerReply.AuthTooLong);
                return null;
            case ReadStatus.TimedOut:
                Reply(ServerReply.IdleTimeout);
                return null;
            case ReadStatus.Interrupted:
                Reply(ServerReply.ShuttingDown);
                return null;
            default:
                _end = SessionEnd.Lost;
                return null;
        }
    }

    private byte[]? Decode(string base64)
    {
        var octets = new byte[Base64.GetMaxDecodedFromUtf8Length(base64.Length)];
        if (Convert.TryFromBase64String(base64, octets, out var length)) return octets[..length];
        Reply(ServerReply.AuthNotBase64);
        return null;
    }

    private ValueTask<ReadStatus> ReadAuthLineAsync() => _connection.ReadLineAsync(MaxAuthLine, CommandTime());

    private bool IsAuth()
    {
        Span<byte> start = stackalloc byte[5];
        if (_connection.Buffered.Length < start.Length) return false;
        System.Buffers.BuffersExtensions.CopyTo(_connection.Buffered.Slice(0, start.Length), start);
        return Ascii.EqualsIgnoreCase(start, "AUTH "u8);
    }
}

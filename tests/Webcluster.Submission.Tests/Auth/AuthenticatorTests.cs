using System.Net;
using System.Text;
using Shouldly;
using Webcluster.Submission.Auth;
using Webcluster.Submission.Tests.Harness;
using Webcluster.TestKit.Time;
using Xunit;

namespace Webcluster.Submission.Tests.Auth;

public sealed class AuthenticatorTests
{
    private static readonly IPAddress Client = IPAddress.Parse("203.0.113.9");

    private readonly ManualClock _clock = new();
    private readonly FakeCredentials _users = new();
    private readonly AuthOptions _options = new();

    [Fact]
    public async Task Authenticate_RightPassword_IsAcceptedAndHashedOnce()
    {
        _users.Add("user", "secret", "a.example", "tenant-a");
        using var authenticator = new Authenticator(_users, _options, _clock);
        var accepted = (await TryAsync(authenticator, "user", "secret")).ShouldBeOfType<AuthResult.Accepted>();
        (accepted.User.Name, accepted.User.Tenant).ShouldBe(("user", "tenant-a"));
        // A remembered password is answered at once, without a hash.
        authenticator.AuthenticateAsync("user", "secret"u8.ToArray(), Client, default).IsCompletedSuccessfully.ShouldBeTrue();
        // A changed one is another.
        _users.Add("user", "changed");
        (await TryAsync(authenticator, "user", "secret")).ShouldBeOfType<AuthResult.Rejected>();
        (await TryAsync(authenticator, "user", "changed")).ShouldBeOfType<AuthResult.Accepted>();
    }

    [Fact]
    public async Task Authenticate_UnknownUser_ComputesAHash()
    {
        using var authenticator = new Authenticator(_users, _options, _clock);
        var answer = authenticator.AuthenticateAsync("nobody", "secret"u8.ToArray(), Client, default);
        answer.IsCompleted.ShouldBeFalse();
        (await answer).ShouldBeOfType<AuthResult.Rejected>();
    }

    [Fact]
    public async Task Authenticate_Failures_DelayUpToTheMostAndBlockTheNetwork()
    {
        _users.Add("user", "secret");
        _options.FailuresPerAddress = 7;
        using var authenticator = new Authenticator(_users, _options, _clock);
        foreach (var delay in new[] { 250, 500, 1000, 2000, 4000, 5000, 5000 })
            (await TryAsync(authenticator, "user", "wrong")).ShouldBe(new AuthResult.Rejected(TimeSpan.FromMilliseconds(delay)));
        (await TryAsync(authenticator, "user", "secret")).ShouldBeOfType<AuthResult.Blocked>();

        // The true user comes from elsewhere and is not locked out.
        (await authenticator.AuthenticateAsync("user", "secret"u8.ToArray(), IPAddress.Parse("198.51.100.1"), default))
            .ShouldBeOfType<AuthResult.Accepted>();
        _clock.Advance(TimeSpan.FromMinutes(1));
        (await TryAsync(authenticator, "user", "secret")).ShouldBeOfType<AuthResult.Accepted>();
    }

    [Fact]
    public async Task Authenticate_UsersUnknown_IsNoFailure()
    {
        _users.Add("user", "secret");
        _users.AreUnknown = true;
        using var authenticator = new Authenticator(_users, _options, _clock);
        for (var i = 0; i <= _options.FailuresPerAddress; i++)
            (await TryAsync(authenticator, "user", "secret")).ShouldBeOfType<AuthResult.Unknown>();

        _users.AreUnknown = false;

        (await TryAsync(authenticator, "user", "wrong")).ShouldBe(new AuthResult.Rejected(TimeSpan.FromMilliseconds(250)));
        (await TryAsync(authenticator, "user", "secret")).ShouldBeOfType<AuthResult.Accepted>();
    }

    [Theory]
    [InlineData(128, 250)]
    [InlineData(129, 500)]
    public async Task Authenticate_NamesNobodyCanHave_AreCountedAsOne(int length, int secondDelay)
    {
        using var authenticator = new Authenticator(_users, _options, _clock);
        (await TryAsync(authenticator, new string('a', length), "wrong", "192.0.2.1"))
            .ShouldBe(new AuthResult.Rejected(TimeSpan.FromMilliseconds(250)));
        (await TryAsync(authenticator, new string('b', length), "wrong", "192.0.2.2"))
            .ShouldBe(new AuthResult.Rejected(TimeSpan.FromMilliseconds(secondDelay)));
    }

    [Fact]
    public async Task Authenticate_SameQuestionAtOnce_IsOneComputation()
    {
        _options.HashesAtOnce = 1;
        _options.HashesWaiting = 0;
        using var verifier = new PasswordVerifier(_options, _clock);
        var hash = PasswordHash.Create("secret");
        var answers = await Task.WhenAll(
            Enumerable.Range(0, 20).Select(_ => verifier.VerifyAsync("user", hash, "secret"u8.ToArray()).AsTask()));
        answers.ShouldAllBe(answer => answer == Verification.Right);
    }

    [Fact]
    public void FailureCounter_ManyKeys_ForgetsTheOldest()
    {
        var counter = new FailureCounter<int>(_clock, capacity: 3);
        for (var key = 0; key < 4; key++) counter.Add(key);
        counter.Count(0).ShouldBe(0);
        counter.Count(1).ShouldBe(1);
        counter.Add(1).ShouldBe(2);
        _clock.Advance(TimeSpan.FromSeconds(59.999));
        counter.Count(1).ShouldBe(2);
        _clock.Advance(TimeSpan.FromSeconds(0.001));
        counter.Count(1).ShouldBe(0);
        counter.Add(1).ShouldBe(1);
    }

    [Fact]
    public void VerifiedCache_Key_IsForgottenInTime()
    {
        var cache = new VerifiedCache(_clock, TimeSpan.FromMinutes(10), capacity: 2);
        var key = VerifiedKey.Of(new byte[32], "user", "hash", "secret"u8);
        cache.Add(key);
        _clock.Advance(TimeSpan.FromMinutes(10) - TimeSpan.FromMilliseconds(1));
        cache.Contains(key).ShouldBeTrue();
        _clock.Advance(TimeSpan.FromMilliseconds(1));
        cache.Contains(key).ShouldBeFalse();
    }

    [Fact]
    public void VerifiedCache_ManyKeys_ForgetsTheOldest()
    {
        var cache = new VerifiedCache(_clock, TimeSpan.FromMinutes(10), capacity: 2);
        var keys = Enumerable.Range(0, 3)
            .Select(number => VerifiedKey.Of(new byte[32], "user", "hash", Encoding.ASCII.GetBytes($"{number}"))).ToArray();
        foreach (var key in keys) cache.Add(key);
        keys.Select(cache.Contains).ShouldBe([false, true, true]);
    }

    [Fact]
    public void VerifiedKey_PartsMoved_IsAnother()
    {
        var keys = new[] { ("ab", "c", "d"), ("a", "bc", "d"), ("ab", "cd", ""), ("a", "b", "cd") }
            .Select(parts => VerifiedKey.Of(new byte[32], parts.Item1, parts.Item2, Encoding.ASCII.GetBytes(parts.Item3)));
        keys.ShouldBeUnique();
    }

    private static async Task<AuthResult> TryAsync(
        Authenticator authenticator, string name, string password, string client = "203.0.113.9") =>
        await authenticator.AuthenticateAsync(name, Encoding.UTF8.GetBytes(password), IPAddress.Parse(client), default);
}

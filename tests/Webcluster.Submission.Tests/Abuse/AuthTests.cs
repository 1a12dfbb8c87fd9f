using System.Text;
using Shouldly;
using Webcluster.Submission.Auth;
using Webcluster.Submission.Sessions;
using Webcluster.Submission.Tests.Harness;
using Xunit;

namespace Webcluster.Submission.Tests.Abuse;

/// <summary>AUT: who a client says it is, under TLS.</summary>
public sealed class AuthTests
{
    [Theory]
    [InlineData("*")]
    [Abuse("AUT-01")]
    public async Task Auth_Cancelled_GoesOn(string cancel)
    {
        await using var session = await AuthSession.BeginAsync();
        await session.Client.AskAsync("AUTH PLAIN", "334 \r\n");
        await session.Client.AskAsync(cancel, "501 5.7.0");
        await session.Client.AskAsync("AUTH LOGIN", "334 VXNlcm5hbWU6\r\n");
        await session.Client.AskAsync(Base64("user"), "334 UGFzc3dvcmQ6\r\n");
        await session.Client.AskAsync(cancel, "501 5.7.0");
        await session.Client.AskAsync("AUTH PLAIN " + Base64("\0user\0secret"), "235 2.7.0");
    }

    [Theory]
    [InlineData("AUTH PLAIN %%%not-base64", "501 5.5.2")]
    [InlineData("AUTH PLAIN =", "501 5.5.2")]
    [InlineData("AUTH PLAIN AHVzZXI=", "501 5.5.2")] // \0user
    [InlineData("AUTH PLAIN YQBiAGMAZA==", "501 5.5.2")] // a\0b\0c\0d
    [InlineData("AUTH PLAIN AAA=", "535 5.7.8")] // \0\0
    [InlineData("AUTH PLAIN AHVzZXIA", "535 5.7.8")] // \0user\0
    [InlineData("AUTH PLAIN AP8Aeg==", "501 5.5.2")] // \0\xff\0z
    [InlineData("AUTH XYZ", "504 5.5.4")]
    [InlineData("AUTH", "501 5.5.2")]
    [InlineData("AUTH PLAIN x y z", "501 5.5.2")]
    [InlineData("AUTH LOGIN dXNlcg=", "501 5.5.2")]
    [Abuse("AUT-02", "AUT-03", "AUT-04", "AUT-10")]
    public async Task Auth_Malformed_IsRefusedAndGoesOn(string line, string reply)
    {
        await using var session = await AuthSession.BeginAsync();
        await session.Client.AskAsync(line, reply);
        await session.Client.AskAsync("MAIL FROM:<a@x>", "530 5.7.0 Authentication required");
        await session.Client.AskAsync("AUTH PLAIN AHVzZXIAc2VjcmV0", "235 2.7.0");
    }

    [Theory]
    [InlineData("victim\0user\0secret")]
    [InlineData("\0user\r\nX: y\0secret")]
    [InlineData("\0USER\0secret")]
    [InlineData("\0user\0Secret")]
    [InlineData("\0u\u202eser\0secret")]
    [Abuse("AUT-05", "AUT-06")]
    public async Task Auth_NotThisUser_IsRefused(string message)
    {
        await using var session = await AuthSession.BeginAsync();
        await session.Client.AskAsync("AUTH PLAIN " + Convert.ToBase64String(Encoding.UTF8.GetBytes(message)), "535 5.7.8");
        await session.Client.AskAsync("AUTH PLAIN " + Base64($"\0{new string('u', 500)}\0x"), "535 5.7.8");
        session.Server.Log.Entries.ShouldAllBe(
            entry => !entry.Text.Contains("secret") && !entry.Text.Contains("X: y") && !entry.Text.Contains("uuu"));
    }

    [Theory]
    [InlineData("AUTH PLAIN AHVzZXIAc2VjcmV0")]
    [InlineData("AUTH PLAIN dXNlcgB1c2VyAHNlY3JldA==")] // user\0user\0secret
    [Abuse("AUT-07", "AUT-08")]
    public async Task Auth_Done_IsNotTakenTwice(string auth)
    {
        await using var session = await AuthSession.BeginAsync();
        await session.Client.AskAsync(auth, "235 2.7.0");
        await session.Client.AskAsync(auth, "503 5.5.1 Already authenticated");
        await session.Client.AskAsync("RSET", "250");
        await session.Client.AskAsync(auth, "503 5.5.1 Already authenticated");
        await session.Client.AskAsync("MAIL FROM:<a@x>", "250");
        await session.Client.AskAsync(auth, "503 5.5.1 Not during a mail transaction");
        (await session.Client.AskAsync("EHLO x", "250-")).ShouldNotContain("AUTH");
    }

    [Fact]
    public async Task AuthLogin_InitialName_AsksForThePasswordOnly()
    {
        await using var session = await AuthSession.BeginAsync();
        await session.Client.AskAsync("AUTH LOGIN " + Base64("user"), "334 UGFzc3dvcmQ6\r\n");
        await session.Client.AskAsync(Base64("secret"), "235 2.7.0");
    }

    [Theory]
    [InlineData("AUTH PLAIN ", 12_288 - 11, "501 5.5.2")]
    [InlineData("AUTH PLAIN ", 12_289 - 11, "500 5.5.6")]
    [InlineData("AUTH PLAIN ", 1_000_000, "500 5.5.6")]
    [InlineData("", 12_289, "500 5.5.6")]
    [Abuse("AUT-09")]
    public async Task Auth_LongLine_IsBounded(string command, int length, string reply)
    {
        await using var session = await AuthSession.BeginAsync();
        if (command.Length == 0) await session.Client.AskAsync("AUTH PLAIN", "334");
        await session.Client.AskAsync(command + new string('!', length), reply);
    }

    [Fact]
    [Abuse("AUT-11")]
    public async Task Auth_FailingAgainAndAgain_SlowsDownAndCloses()
    {
        await using var session = await AuthSession.BeginAsync(server => server.Options.Auth.FailureDelay = TimeSpan.FromMilliseconds(250));
        foreach (var delay in new[] { 250, 500, 1000, 2000, 4000 })
        {
            await session.Client.SendAsync("AUTH PLAIN AHVzZXIAd3Jvbmc=\r\n");
            var reply = session.Client.ReadReplyAsync();
            await session.Server.WaitForTimerAsync(delay, reply);
            (await reply).ShouldStartWith("535 5.7.8");
        }

        (await session.Client.ReadReplyAsync()).ShouldStartWith("421 4.7.0 Too many failed authentications");
        (await session.Client.Ended).ShouldBe(SessionEnd.Refused);
    }

    [Fact]
    public async Task Auth_AddressFailedTooOften_IsNotHeard()
    {
        await using var session = await AuthSession.BeginAsync(server => server.Options.Auth.FailuresPerAddress = 2);
        await session.Client.AskAsync("AUTH PLAIN AHVzZXIAd3Jvbmc=", "535");
        await session.Client.AskAsync("AUTH PLAIN AHVzZXIAd3Jvbmc=", "535");
        await session.Client.AskAsync("AUTH PLAIN AHVzZXIAc2VjcmV0", "421 4.7.0");
        session.Server.Clock.Advance(TimeSpan.FromSeconds(60));
        await using var later = await AuthSession.BeginAsync(session.Server);
        await later.Client.AskAsync("AUTH PLAIN AHVzZXIAc2VjcmV0", "235");
    }

    [Fact]
    public async Task Auth_AddressFailedAtAnotherNode_HasOneMoreTry()
    {
        var tally = new FakeTally();
        await using var one = await AuthSession.BeginAsync(At);
        await one.Client.AskAsync("AUTH PLAIN AHVzZXIAd3Jvbmc=", "535");
        await one.Client.AskAsync("AUTH PLAIN AHVzZXIAd3Jvbmc=", "535");

        await using var other = await AuthSession.BeginAsync(At);
        await other.Client.AskAsync("AUTH PLAIN AHVzZXIAd3Jvbmc=", "535");
        await other.Client.AskAsync("AUTH PLAIN AHVzZXIAc2VjcmV0", "421 4.7.0");

        // The store is away: each node counts what it sees.
        tally.IsAway = true;
        await using var third = await AuthSession.BeginAsync(At);
        await third.Client.AskAsync("AUTH PLAIN AHVzZXIAd3Jvbmc=", "535");
        await third.Client.AskAsync("AUTH PLAIN AHVzZXIAc2VjcmV0", "235");

        void At(SubmissionServer server) => (server.Options.Auth.FailuresPerAddress, server.Tally) = (2, tally);
    }

    [Fact]
    public async Task Auth_FailedAtSeveralNodes_CountsTheNameWithoutTellingIt()
    {
        var tally = new FakeTally();
        foreach (var _ in "12")
        {
            await using var node = await AuthSession.BeginAsync(server => server.Tally = tally);
            // "hunter2", which is no user but a password, and "x".
            await node.Client.AskAsync("AUTH PLAIN AGh1bnRlcjIAeA==", "535");
        }

        tally.Counts.Values.ShouldBe([2, 2]);
        // SHA-256 of "hunter2" is f52fbd32...
        tally.Counts.Keys.Order(StringComparer.Ordinal).Last().ShouldBe("login:user:f52f");
    }

    [Fact]
    public async Task Auth_UsersUnknown_IsForNow()
    {
        await using var session = await AuthSession.BeginAsync(server => server.Options.Auth.FailuresPerSession = 1);
        session.Server.Users.AreUnknown = true;
        await session.Client.AskAsync("AUTH PLAIN AHVzZXIAc2VjcmV0", "454 4.7.0 Users cannot be looked up now");
        session.Server.Users.AreUnknown = false;
        await session.Client.AskAsync("AUTH PLAIN AHVzZXIAc2VjcmV0", "235");
    }

    [Fact]
    [Abuse("AUT-13")]
    public async Task Auth_ManyAtOnce_AreToldToComeBack()
    {
        var options = new AuthOptions { HashesAtOnce = 1, HashesWaiting = 1 };
        using var verifier = new PasswordVerifier(options, TimeProvider.System);
        var hash = PasswordHash.Create("x");
        var answers = await Task.WhenAll(
            Enumerable.Range(0, 50)
                .Select(number => verifier.VerifyAsync("user", hash, Encoding.ASCII.GetBytes($"wrong{number}")).AsTask()));
        answers.Count(answer => answer == Verification.Wrong).ShouldBe(2);
        answers.Count(answer => answer == Verification.Overloaded).ShouldBe(48);
    }

    [Fact]
    [Abuse("AUT-14")]
    public async Task Mail_NotAuthenticated_IsRefused()
    {
        await using var session = await AuthSession.BeginAsync();
        await session.Client.AskAsync("MAIL FROM:<a@x>", "530 5.7.0 Authentication required");
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Mail_AfterTheUserWasRemovedOrHasAnotherPassword_IsNotTaken(bool isRemoved)
    {
        await using var session = await AuthSession.BeginAsync();
        await session.Client.AskAsync("AUTH PLAIN AHVzZXIAc2VjcmV0", "235");
        await session.Client.AskAsync("MAIL FROM:<a@x>", "250");
        await session.Client.AskAsync("RSET", "250");
        if (isRemoved) session.Server.Users.Remove("user");
        else session.Server.Users.Add("user", "new");
        await session.Client.AskAsync("MAIL FROM:<a@x>", "421 4.7.0 User removed or password changed");
        (await session.Client.Ended).ShouldBe(SessionEnd.Refused);
    }

    [Fact]
    public async Task Mail_AfterTheUsersSendersChanged_TheNewOnesHold()
    {
        await using var session = await AuthSession.BeginAsync();
        await session.Client.AskAsync("AUTH PLAIN AHVzZXIAc2VjcmV0", "235");
        session.Server.Users.Restrict("user", "a.example");
        await session.Client.AskAsync("MAIL FROM:<x@b.example>", "550 5.7.1");
        session.Server.Users.AreUnknown = true;
        await session.Client.AskAsync("MAIL FROM:<x@b.example>", "550 5.7.1");
        await session.Client.AskAsync("MAIL FROM:<x@a.example>", "250");
    }

    [Theory]
    [InlineData("MAIL FROM:<x@b.example>", "550 5.7.1", "")]
    [InlineData("MAIL FROM:<x@a.example>", "250", "From: x@b.example\r\n\r\n")]
    [InlineData("MAIL FROM:<x@a.example>", "250", "From: x@a.example, y@b.example\r\n\r\n")]
    [InlineData("MAIL FROM:<x@a.example>", "250", "From: nobody\r\n\r\n")]
    [InlineData("MAIL FROM:<>", "250", "From: x@b.example\r\n\r\n")]
    [Abuse("AUT-15")]
    public async Task Mail_AsSomebodyElse_IsRefused(string mail, string reply, string content)
    {
        await using var session = await AuthSession.BeginAsync(server => server.Users.Add("user", "secret", "a.example", "tenant-a"));
        await session.Client.AskAsync("AUTH PLAIN AHVzZXIAc2VjcmV0", "235");
        await session.Client.AskAsync(mail, reply);
        if (reply != "250") return;
        await session.Client.AskAsync("RCPT TO:<b@y>", "250");
        await session.Client.AskAsync("DATA", "354");
        await session.Client.AskAsync(content + ".", "550 5.7.1 From address not allowed");
        session.Server.Queue.Stored.ShouldBeEmpty();
    }

    [Fact]
    public async Task Mail_AsOneself_IsAccepted()
    {
        await using var session = await AuthSession.BeginAsync(server => server.Users.Add("user", "secret", "a.example", "tenant-a"));
        await session.Client.AskAsync("AUTH PLAIN AHVzZXIAc2VjcmV0", "235");
        await session.Client.SendAsync("MAIL FROM:<x@A.example>\r\nRCPT TO:<b@y>\r\nDATA\r\nFrom: Me <me@a.example>\r\n\r\n.\r\n");
        foreach (var expected in new[] { "250", "250", "354", "250 2.0.0" }) await session.Client.ExpectAsync(expected);
        session.Server.Queue.Single.Envelope.Tenant.ShouldBe("tenant-a");
        FakeQueue.Text(session.Server.Queue.Single).ShouldContain("with ESMTPSA id");
        FakeQueue.Text(session.Server.Queue.Single).ShouldNotContain("user");
    }

    private static string Base64(string text) => Convert.ToBase64String(Encoding.Latin1.GetBytes(text));
}

using Microsoft.AspNetCore.Http;
using Shouldly;
using Webcluster.Delivery.Hosts;
using Webcluster.Node.Webhooks;
using Webcluster.Node.Webhooks.Payloads;
using Webcluster.Node.Webhooks.Sending;
using Webcluster.Node.Webhooks.Signing;
using Webcluster.TestKit.Peers;
using Webcluster.TestKit.Time;
using Webcluster.TestKit.Webhooks;
using Xunit;

namespace Webcluster.Node.Tests.Webhooks.Sending;

/// <summary>Requests to a real server.</summary>
public sealed class WebhookSenderTests : IAsyncLifetime
{
    private static readonly Parcel Parcel = new ParcelWriter(1).Pack([WebhookSamples.Stored(1, "m")]);

    private readonly ManualClock _clock = new();
    private WebhookReceiver _receiver = null!;

    public async Task InitializeAsync() => _receiver = await WebhookReceiver.StartAsync();

    public async Task DisposeAsync() => await _receiver.DisposeAsync();

    [Fact]
    public async Task Send_Request_IsSignedInBothFamiliesOfHeaders()
    {
        var endpoint = Endpoint() with { Headers = [("Authorization", "Bearer x"), ("User-Agent", "mine")] };

        (await SendAsync(endpoint)).Verdict.ShouldBe(SendVerdict.Taken);

        var request = _receiver.All.Single();
        var timestamp = WebhookSignature.Timestamp(_clock.Now);
        var signature = WebhookSignature.Of(endpoint.Secrets, "evt-1", timestamp, Parcel.Body);
        foreach (var family in new[] { "webhook", "svix" })
            (request.Headers[$"{family}-id"], request.Headers[$"{family}-timestamp"], request.Headers[$"{family}-signature"])
                .ShouldBe(("evt-1", timestamp, signature));
        (request.Headers["Content-Type"], request.Headers["Authorization"], request.Headers["User-Agent"])
            .ShouldBe(("application/json", "Bearer x", "mine"));
        request.Body.ShouldBe(System.Text.Encoding.UTF8.GetString(Parcel.Body));
    }

    [Theory]
    [InlineData("Content-Language", "de")]
    [InlineData("Content-Disposition", "inline")]
    [InlineData("Expires", "0")]
    [InlineData("Allow", "POST")]
    [InlineData("Last-Modified", "yesterday")]
    [InlineData("ETag", "x")]
    [InlineData("Retry-After", "x")]
    [InlineData("User-Agent", "no (product")]
    public async Task Send_AnyFieldThatMayBeConfigured_GoesAlong(string name, string value)
    {
        var options = new WebhookHeaderOptions { Name = name, Value = value };
        options.Problems().ShouldBeEmpty();

        (await SendAsync(Endpoint() with { Headers = [(name, value)] })).Verdict.ShouldBe(SendVerdict.Taken);

        _receiver.All.Single().Headers[name].ShouldBe(value);
    }

    [StandardWebhooksFact]
    public async Task Send_Requests_AreVerifiedByTheLibraryOfReceivers()
    {
        using var sender = new WebhookSender(Endpoint(), 8, TimeProvider.System);
        foreach (var batch in new[] { 1, 3 })
            await sender.SendAsync(new ParcelWriter(batch).Pack([WebhookSamples.Stored(1, "m"), WebhookSamples.Stored(2, "n")]), CancellationToken.None);
        var forged = _receiver.All[0] with { Body = _receiver.All[0].Body.Replace("shop", "shoq") };

        var said = await StandardWebhooksLibrary.VerifyAsync(WebhookSamples.Secret, [.. _receiver.All, forged]);

        said.Take(2).ShouldBe(["good", "good"]);
        said[2].ShouldStartWith("bad: No matching signature");
    }

    [StandardWebhooksFact]
    public async Task Send_WithTwoSecrets_IsVerifiedWithEither()
    {
        const string Next = "whsec_AAECAwQFBgcICQoLDA0ODxAREhMUFRYX";
        var endpoint = Endpoint() with { Secrets = [WebhookSecret.Parse(Next)!, WebhookSecret.Parse(WebhookSamples.Secret)!] };
        using var sender = new WebhookSender(endpoint, 8, TimeProvider.System);

        await sender.SendAsync(Parcel, CancellationToken.None);

        (await StandardWebhooksLibrary.VerifyAsync(WebhookSamples.Secret, _receiver.All)).ShouldBe(["good"]);
        (await StandardWebhooksLibrary.VerifyAsync(Next, _receiver.All)).ShouldBe(["good"]);
    }

    [Theory]
    [InlineData(200, null, nameof(SendVerdict.Taken), null)]
    [InlineData(204, null, nameof(SendVerdict.Taken), null)]
    [InlineData(299, null, nameof(SendVerdict.Taken), null)]
    [InlineData(301, null, nameof(SendVerdict.Refused), "301: redirects are not followed")]
    [InlineData(307, null, nameof(SendVerdict.Refused), "307: redirects are not followed")]
    [InlineData(400, null, nameof(SendVerdict.Refused), "400")]
    [InlineData(410, null, nameof(SendVerdict.Gone), "410")]
    [InlineData(429, null, nameof(SendVerdict.SlowDown), "429")]
    [InlineData(429, "7", nameof(SendVerdict.SlowDown), "429", 7)]
    [InlineData(429, "Sun, 22 Nov 2026 02:35:56 GMT", nameof(SendVerdict.SlowDown), "429", 60)]
    [InlineData(429, "Sun, 22 Nov 2026 02:33:56 GMT", nameof(SendVerdict.SlowDown), "429")]
    [InlineData(429, "99999999", nameof(SendVerdict.SlowDown), "429", 3600)]
    [InlineData(429, "soon", nameof(SendVerdict.SlowDown), "429")]
    [InlineData(500, null, nameof(SendVerdict.Refused), "500")]
    [InlineData(502, null, nameof(SendVerdict.SlowDown), "502")]
    [InlineData(503, null, nameof(SendVerdict.Refused), "503")]
    [InlineData(503, "5", nameof(SendVerdict.SlowDown), "503", 5)]
    [InlineData(504, null, nameof(SendVerdict.SlowDown), "504")]
    public async Task Send_Answer_MeansWhatTheSpecificationSays(int status, string? retryAfter, string verdict, string? error, int? seconds = null)
    {
        _receiver.Answer = (_, context) =>
        {
            context.Response.Headers.Location = "/elsewhere";
            if (retryAfter is not null) context.Response.Headers.RetryAfter = retryAfter;
            return WebhookReceiver.AnswerAsync(context, status);
        };

        var result = await SendAsync(Endpoint());

        (result.Verdict.ToString(), result.Status, result.Error, result.RetryAfter?.TotalSeconds).ShouldBe((verdict, status, error, seconds));
        _receiver.All.Count.ShouldBe(1, "a redirect is not followed");
    }

    [Theory]
    [InlineData("http://127.0.0.1:1/", "127.0.0.1 is not of the Internet, and not in allow_private")]
    [InlineData("http://localhost:1/", "localhost (")]
    [InlineData("http://[::1]:1/", "::1 is not")]
    [InlineData("http://[::ffff:127.0.0.1]:1/", "::ffff:127.0.0.1 is not")]
    [InlineData("http://2130706433:1/", "127.0.0.1 is not")]
    [InlineData("http://10.1.2.3/", "10.1.2.3 is not")]
    [InlineData("http://169.254.169.254/latest/meta-data", "169.254.169.254 is not")]
    [InlineData("https://[fd00::1]/", "fd00::1 is not")]
    [InlineData("http://0.0.0.0:1/", "0.0.0.0 is not")]
    public async Task Send_ToAPrivateAddress_IsRefusedBeforeAnyConnection(string url, string reason)
    {
        var result = await SendAsync(new WebhookEndpoint("hook", new Uri(url)) { Networks = new NetworkPolicy([], []) });

        (result.Verdict, result.Status).ShouldBe((SendVerdict.Forbidden, null));
        result.Error.ShouldNotBeNull().ShouldContain(reason);
    }

    [Fact]
    public async Task Send_WhereNobodyListens_IsUnreachable()
    {
        await _receiver.DownAsync();
        (await SendAsync(Endpoint())).Verdict.ShouldBe(SendVerdict.Unreachable);
    }

    [Fact]
    public async Task Send_ConnectionThatBreaks_IsUnreachable()
    {
        _receiver.Answer = (_, context) =>
        {
            context.Abort();
            return Task.CompletedTask;
        };
        (await SendAsync(Endpoint())).Verdict.ShouldBe(SendVerdict.Unreachable);
    }

    [Fact]
    public async Task Send_WithoutAnswer_TimesOut()
    {
        using var ended = new CancellationTokenSource();
        _receiver.Answer = (_, _) => Task.Delay(Timeout.Infinite, ended.Token);
        using var sender = new WebhookSender(Endpoint() with { Timeout = TimeSpan.FromSeconds(15) }, 8, _clock);
        var sending = sender.SendAsync(Parcel, CancellationToken.None);
        await Patience.Until(() => _receiver.All.Count == 1, "the request");

        _clock.Advance(TimeSpan.FromSeconds(14.9));
        sending.IsCompleted.ShouldBeFalse();
        _clock.Advance(TimeSpan.FromSeconds(0.1));

        var result = await sending.Soon();
        (result.Verdict, result.Took).ShouldBe((SendVerdict.TimedOut, TimeSpan.FromSeconds(15)));
        await ended.CancelAsync();
    }

    [Fact]
    public async Task Send_EndlessAnswer_IsNotRead()
    {
        using var ended = new CancellationTokenSource();
        _receiver.Answer = async (_, context) =>
        {
            context.Response.StatusCode = StatusCodes.Status200OK;
            try
            {
                while (!ended.IsCancellationRequested) await context.Response.Body.WriteAsync(new byte[65_536], ended.Token);
            }
            catch (Exception error) when (error is IOException or OperationCanceledException)
            {
                // The sender had enough.
            }
        };

        (await SendAsync(Endpoint()).Soon()).Verdict.ShouldBe(SendVerdict.Taken);
        await ended.CancelAsync();
    }

    private WebhookEndpoint Endpoint() => WebhookSamples.Endpoint(url: _receiver.Url);

    private async Task<SendResult> SendAsync(WebhookEndpoint endpoint)
    {
        using var sender = new WebhookSender(endpoint, 8, _clock);
        return await sender.SendAsync(Parcel, CancellationToken.None);
    }
}

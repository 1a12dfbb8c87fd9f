using System.Net;
using System.Net.Http.Headers;
using Webcluster.Node.Webhooks.Payloads;
using Webcluster.Node.Webhooks.Signing;

namespace Webcluster.Node.Webhooks.Sending;

/// <summary>Posts parcels to one endpoint, signed. Safe for concurrent use.</summary>
internal sealed class WebhookSender : IDisposable
{
    // An endpoint that wants more is one that does not want any.
    private static readonly TimeSpan LongestRetryAfter = TimeSpan.FromHours(1);

    private const int LongestError = 200;

    private static readonly ProductInfoHeaderValue Agent = new("webcluster", ProductVersion.Text);

    private readonly WebhookEndpoint _endpoint;
    private readonly TimeProvider _time;
    private readonly HttpMessageInvoker _http;

    public WebhookSender(WebhookEndpoint endpoint, int connections, TimeProvider time)
    {
        _endpoint = endpoint;
        _time = time;
        _http = new HttpMessageInvoker(new GuardedConnections(endpoint.Networks).Handler(connections, endpoint.Timeout));
    }

    public void Dispose() => _http.Dispose();

    /// <exception cref="OperationCanceledException">It was cancelled; the parcel may have arrived.</exception>
    public async Task<SendResult> SendAsync(Parcel parcel, CancellationToken cancellation)
    {
        var begun = _time.GetTimestamp();
        using var late = new CancellationTokenSource(_endpoint.Timeout, _time);
        using var bound = CancellationTokenSource.CreateLinkedTokenSource(late.Token, cancellation);
        try
        {
            using var request = Request(parcel);
            using var answer = await _http.SendAsync(request, bound.Token);
            return Read(answer) with { Took = _time.GetElapsedTime(begun) };
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            return Failed(SendVerdict.TimedOut, "no answer in time");
        }
        catch (HttpRequestException error) when (error.InnerException is ForbiddenAddressException forbidden)
        {
            return Failed(SendVerdict.Forbidden, forbidden.Message);
        }
        catch (Exception error) when (error is not OperationCanceledException)
        {
            // Whatever an answer may lead the client to: it is this endpoint's trouble, not the node's.
            return Failed(SendVerdict.Unreachable, error.InnerException?.Message ?? error.Message);
        }

        SendResult Failed(SendVerdict verdict, string why) =>
            new(verdict, null, why.Length > LongestError ? why[..LongestError] : why, _time.GetElapsedTime(begun));
    }

    private HttpRequestMessage Request(Parcel parcel)
    {
        var timestamp = WebhookSignature.Timestamp(_time.GetUtcNow());
        var signature = WebhookSignature.Of(_endpoint.Secrets, parcel.Id, timestamp, parcel.Body);
        var content = new ByteArrayContent(parcel.Body);
        content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        var request = new HttpRequestMessage(HttpMethod.Post, _endpoint.Url) { Content = content };
        // Libraries of Standard Webhooks look for the one, those of its origin for the other.
        foreach (var family in new[] { "webhook", "svix" })
        {
            request.Headers.Add($"{family}-id", parcel.Id);
            request.Headers.Add($"{family}-timestamp", timestamp);
            request.Headers.Add($"{family}-signature", signature);
        }

        // To the client some fields are the content's, which the request does not take.
        foreach (var (name, value) in _endpoint.Headers)
            if (!request.Headers.TryAddWithoutValidation(name, value)) content.Headers.TryAddWithoutValidation(name, value);
        if (!request.Headers.NonValidated.Contains("User-Agent")) request.Headers.UserAgent.Add(Agent);

        return request;
    }

    private SendResult Read(HttpResponseMessage answer)
    {
        var status = (int)answer.StatusCode;
        var retryAfter = RetryAfter(answer.Headers.RetryAfter);
        var verdict = answer.StatusCode switch
        {
            >= HttpStatusCode.OK and < HttpStatusCode.MultipleChoices => SendVerdict.Taken,
            HttpStatusCode.Gone => SendVerdict.Gone,
            HttpStatusCode.TooManyRequests or HttpStatusCode.BadGateway or HttpStatusCode.GatewayTimeout => SendVerdict.SlowDown,
            HttpStatusCode.ServiceUnavailable when retryAfter is not null => SendVerdict.SlowDown,
            _ => SendVerdict.Refused,
        };
        var error = verdict == SendVerdict.Taken ? null
            : status is >= 300 and < 400 ? $"{status}: redirects are not followed"
            : $"{status}";
        return new SendResult(verdict, status, error, default) { RetryAfter = retryAfter };
    }

    private TimeSpan? RetryAfter(RetryConditionHeaderValue? given)
    {
        var wait = given?.Delta ?? (given?.Date - _time.GetUtcNow());
        if (wait is null || wait <= TimeSpan.Zero) return null;
        return wait < LongestRetryAfter ? wait : LongestRetryAfter;
    }
}

using Webcluster.Protocol.Dns;

namespace Webcluster.Delivery.Dns;

/// <param name="Response">The DNS's word (NOERROR or NXDOMAIN), null where none could be had; <paramref name="Failure"/> says why.</param>
/// <param name="IsAuthenticated">A trusted server says that it validated the response.</param>
internal readonly record struct PoolReply(DnsMessage? Response, DnsStatus Failure, bool IsAuthenticated);

/// <summary>
/// Asks the servers in their order, those lately silent last, until one gives an answer or the tries are used up. A server that failed or
/// refused is not asked the same again; one that was silent is, after the others.
/// </summary>
internal sealed class DnsServerPool(
    IReadOnlyList<DnsServer> servers, int attempts, DnsExchange exchange, DnsMetrics metrics, TimeProvider time)
{
    public async Task<PoolReply> AskAsync(DnsQuestion question, CancellationToken cancellation)
    {
        var turns = new Queue<DnsServer>(servers.OrderBy(s => s.IsAvoided));
        var failure = DnsStatus.TimedOut;
        for (var attempt = 0; attempt < attempts && turns.TryDequeue(out var server); attempt++)
        {
            var result = await AskAsync(server, question, cancellation);
            switch (result.Status)
            {
                case ExchangeStatus.Answered:
                    server.Answered();
                    if (result.Response!.Code is DnsResponseCode.NoError or DnsResponseCode.NameError)
                        return new PoolReply(result.Response, default, server.IsTrusted && result.Response.AuthenticData);
                    failure = DnsStatus.ServerFailure;
                    break;
                case ExchangeStatus.Malformed:
                    failure = DnsStatus.ServerFailure;
                    break;
                case ExchangeStatus.TimedOut or ExchangeStatus.Unreachable:
                    server.WasSilent();
                    turns.Enqueue(server);
                    break;
            }
        }
        return new PoolReply(null, failure, IsAuthenticated: false);
    }

    private async Task<ExchangeResult> AskAsync(DnsServer server, DnsQuestion question, CancellationToken cancellation)
    {
        if (!server.TakesEdns) return await AskAsync(server, question, DnsQueryFlags.AuthenticData, cancellation);
        var result = await AskAsync(server, question, DnsQueryFlags.AuthenticData | DnsQueryFlags.Edns, cancellation);
        // rfc6891#7: a server that does not know EDNS says so; the same question in the old form is part of the same try.
        if (result.Response?.Code is not (DnsResponseCode.FormatError or DnsResponseCode.NotImplemented or DnsResponseCode.BadVersion))
            return result;
        var plain = await AskAsync(server, question, DnsQueryFlags.AuthenticData, cancellation);
        if (plain.Response is { Code: DnsResponseCode.NoError or DnsResponseCode.NameError }) server.RefusedEdns();
        return plain;
    }

    private async Task<ExchangeResult> AskAsync(DnsServer server, DnsQuestion question, DnsQueryFlags flags, CancellationToken cancellation)
    {
        var start = time.GetTimestamp();
        var result = await exchange.AskAsync(new ExchangeRequest(server.EndPoint, question, flags), cancellation);
        metrics.Asked(question.Type, result, time.GetElapsedTime(start));
        return result;
    }
}

using System.Net;
using Webcluster.Delivery.Dns;
using Webcluster.Protocol.Dns;

namespace Webcluster.Delivery.Tests.Connections;

/// <summary>Answers from a table; a name that is not in it does not exist. Counts what it was asked.</summary>
internal sealed class FakeDns : IDnsResolver
{
    private readonly Dictionary<string, DnsAnswer<MxRecord>> _mx = [];
    private readonly Dictionary<string, DnsAnswer<IPAddress>> _addresses = [];
    private readonly Dictionary<string, DnsAnswer<string>> _texts = [];
    private readonly Dictionary<string, DnsAnswer<TlsaRecord>> _tlsa = [];

    public List<string> Asked { get; } = [];

    /// <summary>Lookups wait for it.</summary>
    public Task Gate { get; set; } = Task.CompletedTask;

    /// <summary>Thrown by all lookups.</summary>
    public Exception? Fault { get; set; }

    public FakeDns Mx(string domain, params MxRecord[] records)
    {
        _mx[domain] = Answer(DnsStatus.Found, records);
        return this;
    }

    public FakeDns Mx(string domain, DnsStatus status)
    {
        _mx[domain] = Answer<MxRecord>(status);
        return this;
    }

    public FakeDns Address(string host, params string[] addresses)
    {
        _addresses[host] = Answer(DnsStatus.Found, [.. addresses.Select(IPAddress.Parse)]);
        return this;
    }

    /// <summary>Nobody answers for the other family.</summary>
    public FakeDns SomeAddress(string host, string address)
    {
        Address(host, address);
        _addresses[host] = _addresses[host] with { IsPartial = true };
        return this;
    }

    public FakeDns Address(string host, DnsStatus status)
    {
        _addresses[host] = Answer<IPAddress>(status);
        return this;
    }

    public FakeDns Text(string name, params string[] texts)
    {
        _texts[name] = Answer(DnsStatus.Found, texts);
        return this;
    }

    public FakeDns Tlsa(string name, params TlsaRecord[] records)
    {
        _tlsa[name] = Answer(DnsStatus.Found, records);
        return this;
    }

    public FakeDns Tlsa(string name, DnsStatus status)
    {
        _tlsa[name] = Answer<TlsaRecord>(status);
        return this;
    }

    /// <summary>Everything is signed.</summary>
    public bool IsSigned { get; set; }

    public ValueTask<DnsAnswer<MxRecord>> MxAsync(string domain, CancellationToken cancellation) =>
        FindAsync(_mx, "MX", domain, cancellation);

    public ValueTask<DnsAnswer<IPAddress>> AddressesAsync(string host, AddressFamilies families, CancellationToken cancellation) =>
        FindAsync(_addresses, "A", host, cancellation);

    public ValueTask<DnsAnswer<string>> TxtAsync(string name, CancellationToken cancellation) => FindAsync(_texts, "TXT", name, cancellation);

    public ValueTask<DnsAnswer<string>> CnameAsync(string name, CancellationToken cancellation) => throw new NotSupportedException();

    public ValueTask<DnsAnswer<string>> PtrAsync(IPAddress address, CancellationToken cancellation) => throw new NotSupportedException();

    public ValueTask<DnsAnswer<TlsaRecord>> TlsaAsync(string name, CancellationToken cancellation) =>
        FindAsync(_tlsa, "TLSA", name, cancellation);

    private async ValueTask<DnsAnswer<T>> FindAsync<T>(Dictionary<string, DnsAnswer<T>> table, string type, string name,
        CancellationToken cancellation)
    {
        lock (Asked) Asked.Add($"{type} {name}");
        await Gate.WaitAsync(cancellation);
        if (Fault is not null) throw Fault;
        return (table.TryGetValue(name, out var answer) ? answer : Answer<T>(DnsStatus.NameError)) with { Authenticated = IsSigned };
    }

    private static DnsAnswer<T> Answer<T>(DnsStatus status, params T[] records) =>
        new(status, records, TimeSpan.FromMinutes(5), Authenticated: false);
}

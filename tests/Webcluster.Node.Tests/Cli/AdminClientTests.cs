using System.Net;
using Shouldly;
using Webcluster.Node.Cli;
using Webcluster.Node.Tests.Hosting;
using Xunit;

namespace Webcluster.Node.Tests.Cli;

public sealed class AdminClientTests
{
    [Fact]
    public async Task Get_ProxyOfTheEnvironment_DoesNotGetTheToken()
    {
        var nobody = new Uri($"http://127.0.0.1:{NodeHostTests.FreePorts(1)[0]}");
        var proxy = new ProxyOfTest(nobody);
        var before = HttpClient.DefaultProxy;
        HttpClient.DefaultProxy = proxy;
        try
        {
            using var client = new AdminClient(nobody, "secret");
            await Should.ThrowAsync<HttpRequestException>(() => client.GetAsync<object>("/admin/v1/node", CancellationToken.None));
        }
        finally
        {
            HttpClient.DefaultProxy = before;
        }

        proxy.Asked.ShouldBe(0);
    }

    /// <summary>For one address; tests beside this one are not to notice.</summary>
    private sealed class ProxyOfTest(Uri address) : IWebProxy
    {
        private int _asked;

        public int Asked => Volatile.Read(ref _asked);

        public ICredentials? Credentials { get; set; }

        public Uri? GetProxy(Uri destination) => IsBypassed(destination) ? null : address;

        public bool IsBypassed(Uri host)
        {
            if (host.Authority != address.Authority) return true;
            Interlocked.Increment(ref _asked);
            return false;
        }
    }
}

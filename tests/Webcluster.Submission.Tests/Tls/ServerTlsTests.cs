using System.Security.Authentication;
using Shouldly;
using Webcluster.Submission.Tests.Harness;
using Webcluster.Submission.Tls;
using Xunit;

namespace Webcluster.Submission.Tests.Tls;

public sealed class ServerTlsTests
{
    [Fact]
    public void Options_AllowNothingOld()
    {
        var options = ServerTls.Options(TestCertificate.Source.Current!);
        options.EnabledSslProtocols.ShouldBe(SslProtocols.Tls12 | SslProtocols.Tls13);
        options.AllowRenegotiation.ShouldBeFalse();
        options.ClientCertificateRequired.ShouldBeFalse();
    }
}

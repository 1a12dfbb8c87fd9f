using System.Security.Authentication;
using Shouldly;
using Webcluster.Submission.Sessions;
using Webcluster.Submission.Tests.Harness;
using Xunit;

namespace Webcluster.Submission.Tests.Sessions;

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

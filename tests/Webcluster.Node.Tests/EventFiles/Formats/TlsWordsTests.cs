using Shouldly;
using Webcluster.Node.EventFiles.Formats;
using Xunit;

namespace Webcluster.Node.Tests.EventFiles.Formats;

public sealed class TlsWordsTests
{
    [Theory]
    [InlineData("TLSv1.3 with TLS_AES_256_GCM_SHA384", "TLSv1.3", "1.3", "TLS_AES_256_GCM_SHA384")]
    [InlineData("TLSv1.2", "TLSv1.2", "1.2", null)]
    [InlineData("other", "other", "other", null)]
    [InlineData(null, null, null, null)]
    public void Of_Text_IsTakenApart(string? text, string? protocol, string? version, string? cipher)
    {
        var words = TlsWords.Of(text);
        (words.Protocol, words.Version, words.Cipher).ShouldBe((protocol, version, cipher));
    }
}

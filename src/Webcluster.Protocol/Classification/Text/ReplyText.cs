using Webcluster.Protocol.Smtp;

namespace Webcluster.Protocol.Classification.Text;

/// <summary>A reply taken apart by <see cref="ReplyNormalizer"/>.</summary>
/// <param name="Code">The reply code, 400 to 599; 0 where the text has none.</param>
/// <param name="Words">Lower case, one space before, between and after the words: what rules and the learned classifier read. Addresses and
/// the like stand as <c>{addr}</c>, <c>{ip}</c>, <c>{host}</c>, <c>{url}</c>, <c>{id}</c>, <c>{duration}</c>, <c>{n}</c>; the labels of a
/// host as <c>@label</c>.</param>
internal readonly record struct ReplyText(int Code, EnhancedCode Enhanced, string Words)
{
    /// <summary>What the remote said. The reply code decides before the enhanced code: the protocol acts on it. rfc5321#4.2.1</summary>
    public bool? Permanent => Code >= 500 ? true : Code >= 400 ? false : Enhanced.Class switch
    {
        5 => true,
        4 => false,
        _ => null,
    };
}

namespace Webcluster.Protocol.Classification;

/// <summary>Says what a reply means. Pure, bounded, never throws; safe to share.</summary>
public interface IReplyClassifier
{
    /// <param name="reply">As the server wrote it: code, enhanced code and text, its lines joined by a space; or the diagnostic text of a
    /// bounce, which may have neither code.</param>
    /// <param name="provider">The provider's name in the catalogue, when known.</param>
    ReplyClassification Classify(string reply, string? provider = null);
}

namespace Webcluster.Submission.Unsubscribing;

/// <summary>What a message itself says about links (X-WC-Unsubscribe).</summary>
/// <param name="Wanted">Null: as its tenant has it.</param>
/// <param name="List">What of the tenant's mail they are for; "": all of it.</param>
internal readonly record struct UnsubscribeWish(bool? Wanted, string List)
{
    public static UnsubscribeWish None { get; } = new(null, "");

    public static UnsubscribeWish Of(string? text) => text?.ToLowerInvariant() switch
    {
        null => None,
        "yes" => new UnsubscribeWish(true, ""),
        "no" => new UnsubscribeWish(false, ""),
        _ when Queue.Messages.MessageTags.IsTag(text) => new UnsubscribeWish(true, text),
        // What cannot be read says nothing, as with the other fields of ours.
        _ => None,
    };
}

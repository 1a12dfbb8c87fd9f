namespace Webcluster.Protocol.Bounces;

/// <summary>How a line of a report names an address; the stronger wins.</summary>
internal enum MentionStrength
{
    /// <summary>Somewhere in a sentence.</summary>
    Inline,

    /// <summary>In a command or a reply of the session, or at the start of a sentence.</summary>
    Session,

    /// <summary>Behind a word like "Recipient:".</summary>
    Labelled,

    /// <summary>In a line of its own, perhaps with a reason behind it.</summary>
    Listed,
}

/// <param name="Line">Index of the line.</param>
/// <param name="Rest">What the line says behind the address.</param>
internal readonly record struct RecipientMention(int Line, string Address, MentionStrength Strength, string Rest);

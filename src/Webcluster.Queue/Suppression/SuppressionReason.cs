namespace Webcluster.Queue.Suppression;

/// <summary>Why nothing is sent to an address. The numbers are stored; they never change.</summary>
public enum SuppressionReason
{
    /// <summary>Its server said that it does not exist, or will never take mail.</summary>
    HardBounce = 0,

    /// <summary>It failed for now, again and again.</summary>
    RepeatedSoft = 1,

    /// <summary>Its owner reported mail as unwanted.</summary>
    Complaint = 2,

    /// <summary>Its owner asked for no more mail.</summary>
    Unsubscribe = 3,

    /// <summary>Somebody put it on the list by hand.</summary>
    Manual = 4,
}

namespace Webcluster.Queue.Rules;

/// <summary>
/// What a rule does. <see cref="Suspend"/> and <see cref="Hold"/> stand: they last until they end or are taken away, and reach mail that
/// comes later. The others act once, on what is queued when they are added. The numbers are stored.
/// </summary>
public enum RuleAction : byte
{
    /// <summary>
    /// No new attempt begins. By lane, site or provider the lanes stop as they are, whatever waits in them; by any other scope as
    /// <see cref="Hold"/>.
    /// </summary>
    Suspend = 1,

    /// <summary>The deliveries are set aside, out of their lanes' order, whichever way they would go.</summary>
    Hold = 2,

    /// <summary>They fail, with the report that NOTIFY asks for.</summary>
    Bounce = 3,

    /// <summary>They are removed without a report.</summary>
    Drop = 4,

    /// <summary>They are due now, and their lanes' pauses are over.</summary>
    Expedite = 5,

    /// <summary>They go on in another pool's lane of the same site, due when they were.</summary>
    Move = 6,
}

/// <summary>What a rule's value names. The numbers are stored.</summary>
public enum RuleScope : byte { Message = 1, Lane = 2, Site = 3, Provider = 4, Domain = 5, Tenant = 6, Tag = 7 }

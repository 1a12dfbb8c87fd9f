using Webcluster.Protocol.Smtp;

namespace Webcluster.Node.Simulator;

/// <summary>Where in a transaction a behaviour shows.</summary>
internal enum SimulatedStage { Mail, Rcpt, Data, Dot }

/// <summary>What the simulator does at one stage.</summary>
internal abstract record Behaviour(SimulatedStage Stage)
{
    /// <summary>Takes the mail.</summary>
    internal sealed record Deliver() : Behaviour(SimulatedStage.Dot);

    /// <summary>Answers so; 421 also closes the connection.</summary>
    internal sealed record Answer(SimulatedStage Stage, SmtpReply Reply) : Behaviour(Stage);

    /// <summary>Answers as ever, but late.</summary>
    internal sealed record Delay(SimulatedStage Stage, TimeSpan By) : Behaviour(Stage);

    /// <summary>
    /// Closes the connection without an answer: at DATA, before the final dot came; at the dot, after the mail was taken.
    /// </summary>
    internal sealed record Drop(SimulatedStage Stage) : Behaviour(Stage);

    /// <summary>Refuses for now the first time a sender and recipient are seen, takes it afterwards.</summary>
    internal sealed record Greylist() : Behaviour(SimulatedStage.Rcpt);

    /// <summary>421 once the connection has taken so many messages.</summary>
    internal sealed record Exhaust(int Messages) : Behaviour(SimulatedStage.Rcpt);
}

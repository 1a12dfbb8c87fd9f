namespace Webcluster.Protocol.Smtp;

/// <summary>What is wrong with a message's bytes. Any of these refuses the message; none is repaired.</summary>
[Flags]
public enum ContentDefects : byte { None = 0, BareCr = 1, BareLf = 2, Nul = 4, LineTooLong = 8 }

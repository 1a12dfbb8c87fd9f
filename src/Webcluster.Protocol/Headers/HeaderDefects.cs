namespace Webcluster.Protocol.Headers;

/// <summary>What the scanner found wrong. None of it is repaired by the scanner; policy decides.</summary>
[Flags]
public enum HeaderDefects : byte
{
    None = 0,
    FirstLineIsContinuation = 1,
    LineWithoutColon = 2,
    TooManyFields = 4,
    BlockTooLarge = 8,
    BadFieldName = 16,
}

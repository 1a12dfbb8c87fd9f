namespace Webcluster.Submission.Content;

/// <summary>Why content is no longer kept; it is read on to its true end all the same.</summary>
internal enum ContentTrouble { None, TooLarge, NoMemory }

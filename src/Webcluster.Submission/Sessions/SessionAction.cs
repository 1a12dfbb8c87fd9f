namespace Webcluster.Submission.Sessions;

/// <summary>What the session does with a command in a state.</summary>
internal enum SessionAction { Refuse, Answer, Hello, Mail, Recipient, Data, Chunk, SwallowChunk, Reset, Quit, StartTls, Auth, Unknown }

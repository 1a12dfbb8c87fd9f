using Webcluster.Queue.Lanes;

namespace Webcluster.Submission.Auth;

/// <summary>Who sends: what the credential says, or the listener for trusted networks.</summary>
/// <param name="Name">Empty for trusted networks.</param>
/// <param name="Senders">Holds for MAIL FROM and for the From field.</param>
/// <param name="Class">The highest class of its mail, and that of mail that names none; null: any, and normal.</param>
public sealed record AuthenticatedPrincipal(string Name, string Tenant, SenderPatterns Senders, MailClass? Class);

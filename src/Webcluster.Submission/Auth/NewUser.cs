using Webcluster.Queue.Lanes;

namespace Webcluster.Submission.Auth;

/// <summary>A user to be stored.</summary>
/// <param name="Senders">"*", domains or addresses, separated by commas.</param>
/// <param name="Class">The highest class of its mail, and that of mail that names none; null: any, and normal.</param>
public sealed record NewUser(string Name, string Password, string Tenant = "default", string Senders = "*", MailClass? Class = null);

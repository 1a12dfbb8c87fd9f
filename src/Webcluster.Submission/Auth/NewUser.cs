using Webcluster.Queue.Lanes;

namespace Webcluster.Submission.Auth;

/// <summary>A user to be stored.</summary>
/// <param name="Senders">"*", domains or addresses, separated by commas.</param>
/// <param name="Class">The class of mail that names none itself; null: normal.</param>
public sealed record NewUser(string Name, string Password, string Tenant = "default", string Senders = "*", MailClass? Class = null);

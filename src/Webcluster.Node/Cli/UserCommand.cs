using System.CommandLine;
using Webcluster.Node.Configuration;
using Webcluster.Node.Files;
using Webcluster.Node.FirstRun;
using Webcluster.Queue.Lanes;
using Webcluster.Submission.Auth;

namespace Webcluster.Node.Cli;

/// <summary>`user`: who may send. A running node sees a change within a second.</summary>
internal static class UserCommand
{
    public static Command Create(CliContext context, Option<string?> config) => new("user", "Add, remove and list those who may send.")
    {
        Add(context, config),
        Remove(context, config),
        List(context, config),
    };

    private static Command Add(CliContext context, Option<string?> config)
    {
        var name = new Argument<string>("name") { Description = "The user name." };
        var tenant = new Option<string>("--tenant") { Description = "Whom the mail belongs to.", DefaultValueFactory = _ => "default" };
        var senders = new Option<string[]>("--sender")
        {
            Description = "An address or domain the user may send as; may be given several times. Default: any.",
            DefaultValueFactory = _ => ["*"],
        };
        var mailClass = new Option<string?>("--class")
        {
            Description = "The highest class of the user's mail, and that of mail without X-WC-Class. Default: any, and normal.",
        };
        mailClass.AcceptOnlyFromAmong("transactional", "normal", "bulk");
        var fromInput = new Option<bool>("--password-stdin") { Description = "Read the password from standard input, one line." };
        var command = new Command("add", "Add a user, or give one a new password. Without --password-stdin one is made and printed.")
        {
            name, tenant, senders, mailClass, fromInput,
        };
        command.SetAction(parsed =>
        {
            var password = parsed.GetValue(fromInput) ? context.In.ReadLine() ?? "" : FirstRunSetup.NewPassword();
            var patterns = string.Join(',', parsed.GetValue(senders)!);
            var user = new NewUser(
                parsed.GetValue(name)!, password, parsed.GetValue(tenant)!, patterns, ClassOf(parsed.GetValue(mailClass)));
            if (Users(context, parsed.GetValue(config)) is not { } users) return ExitCode.Usage;
            if (users.Set(user) is { } problem) return context.Fail(problem, ExitCode.Usage);
            context.Out.WriteLine(parsed.GetValue(fromInput) ? $"user {user.Name} saved in {users.Path}" : password);
            return ExitCode.Ok;
        });
        return command;
    }

    private static MailClass? ClassOf(string? word) => word is null ? null : Enum.Parse<MailClass>(word, ignoreCase: true);

    private static Command Remove(CliContext context, Option<string?> config)
    {
        var name = new Argument<string>("name") { Description = "The user name." };
        var command = new Command("remove", "Remove a user.") { name };
        command.SetAction(parsed =>
        {
            if (Users(context, parsed.GetValue(config)) is not { } users) return ExitCode.Usage;
            var user = parsed.GetValue(name)!;
            return users.Remove(user) ? ExitCode.Ok : context.Fail($"there is no user {user}", ExitCode.NothingMatched);
        });
        return command;
    }

    private static Command List(CliContext context, Option<string?> config)
    {
        var command = new Command("list", "List the users: name, tenant, senders.");
        command.SetAction(parsed =>
        {
            if (Users(context, parsed.GetValue(config)) is not { } users) return ExitCode.Usage;
            foreach (var user in users.ReadIfAny(out _).Values) context.Out.WriteLine($"{user.Name}\t{user.Tenant}\t{user.Senders}");
            return ExitCode.Ok;
        });
        return command;
    }

    /// <summary>The configured file; other errors of the configuration do not matter here (above all that this file is missing).</summary>
    private static CredentialFile? Users(CliContext context, string? config)
    {
        var loaded = ConfigurationLoader.Load(config, context.Environment, context.WorkingFolder);
        if (loaded.Problems.FirstOrDefault(problem => problem.Key.Length == 0) is { } unreadable)
        {
            context.Error.WriteLine(unreadable);
            return null;
        }
        var file = loaded.Options.Submission.Auth.Users;
        if (file.Length == 0)
        {
            context.Fail("submission.auth.users is empty: it must name a file", ExitCode.Usage);
            return null;
        }
        PrivateFile.EnsureFolder(Path.GetDirectoryName(file)!);
        return new CredentialFile(file);
    }
}

using System.CommandLine;

namespace Pillarbox.Commands.Queue;

/// <summary><c>queue</c>: the queue of a running server, through its HTTP API.</summary>
internal static class QueueCommand
{
    public static Command Create()
    {
        var command = new Command("queue", "Look at the queue of a running server, and change it.");
        command.Add(List());
        command.Add(Show());
        command.Add(Change("retry", "Try a message's waiting recipients at once.", "will be tried at once", (api, id, cancellationToken) => api.RetryAsync(id, cancellationToken)));
        command.Add(Change("delete", "Delete a message without a report to its sender.", "deleted", (api, id, cancellationToken) => api.DeleteAsync(id, cancellationToken)));
        return command;
    }

    private static Command List()
    {
        var json = CommonOptions.Json();
        var command = new Command("list", "List the messages in the queue.") { json };
        var server = ServerOptions.AddTo(command);
        command.SetAction(async (result, cancellationToken) =>
        {
            using var api = server.Open(result);
            var messages = await api.ListAsync(cancellationToken).ToListAsync(cancellationToken);
            if (result.GetValue(json))
                QueueView.PrintJson(messages);
            else
                QueueView.PrintList(messages);
            return ExitCode.Done;
        });
        return command;
    }

    private static Command Show()
    {
        var id = IdArgument();
        var json = CommonOptions.Json();
        var language = LanguageOption.Create();
        var command = new Command("show", "Show a message and where each recipient stands, its last reply explained.") { id, json, language };
        var server = ServerOptions.AddTo(command);
        command.SetAction(async (result, cancellationToken) =>
        {
            using var api = server.Open(result);
            var name = ParseId(result.GetRequiredValue(id));
            var message = await api.FindAsync(name, cancellationToken) ?? throw NoSuch(name);
            if (result.GetValue(json))
                JsonOutput.Print(message.WriteTo);
            else
                QueueView.PrintMessage(message, LanguageOption.Chosen(result, language));
            return ExitCode.Done;
        });
        return command;
    }

    private static Command Change(string verb, string description, string done, Func<QueueApi, string, CancellationToken, Task<bool>> change)
    {
        var id = IdArgument();
        var command = new Command(verb, description) { id };
        var server = ServerOptions.AddTo(command);
        command.SetAction(async (result, cancellationToken) =>
        {
            var name = ParseId(result.GetRequiredValue(id));
            using var api = server.Open(result);
            if (!await change(api, name, cancellationToken))
                throw NoSuch(name);
            await Console.Out.WriteLineAsync($"{name} {done}");
            return ExitCode.Done;
        });
        return command;
    }

    private static Argument<string> IdArgument() => new("ID") { Description = "The message's name, as its 250 and the list give it." };

    private static string ParseId(string text) =>
        Pillarbox.Queue.QueueId.TryParse(text, out var id) ? id.ToString() : throw new CommandFault($"{text} is no message's name, such as 1M86F90TC0000") { ExitCode = ExitCode.Usage };

    private static CommandFault NoSuch(string id) => new($"there is no message {id} in the queue");
}

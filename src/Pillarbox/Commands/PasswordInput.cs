using System.Text;

namespace Pillarbox.Commands;

/// <summary>Reads passwords: from the terminal without echo, else a line of standard input; never from arguments, which every user of a machine can see.</summary>
internal static class PasswordInput
{
    private const int MaxLength = 1024;

    /// <summary>A new password; at the terminal it is asked for twice.</summary>
    public static async Task<string> ReadNewAsync(CancellationToken cancellationToken)
    {
        string? password;
        if (Console.IsInputRedirected)
            password = await Console.In.ReadLineAsync(cancellationToken);
        else
        {
            password = ReadHidden("Password: ");
            if (password.Length > 0 && ReadHidden("Again: ") != password)
                throw new CommandFault("the two passwords differ");
        }

        return Check(password);
    }

    /// <summary>A password from a file's first line, or of standard input where the file is <c>-</c>.</summary>
    public static async Task<string> ReadFileAsync(string file, CancellationToken cancellationToken)
    {
        if (file.Length == 0)
            throw new CommandFault("the password file \"\" cannot be read: there is no such file");
        if (file == "-")
            return Check(Console.IsInputRedirected ? await Console.In.ReadLineAsync(cancellationToken) : ReadHidden("Password: "));
        try
        {
            using var reader = new StreamReader(file);
            return Check(await reader.ReadLineAsync(cancellationToken));
        }
        catch (Exception refused) when (refused is IOException or UnauthorizedAccessException)
        {
            throw new CommandFault($"the password file {file} cannot be read: {refused.Message}", refused);
        }
    }

    private static string Check(string? password)
    {
        if (string.IsNullOrEmpty(password))
            throw new CommandFault("there is no password: it is empty");
        if (password.Length > MaxLength || password.Contains('\0', StringComparison.Ordinal))
            throw new CommandFault($"a password has at most {MaxLength} characters, and no NUL");
        return password;
    }

    private static string ReadHidden(string prompt)
    {
        Console.Error.Write(prompt);
        var typed = new StringBuilder();
        while (true)
        {
            var key = Console.ReadKey(intercept: true);
            if (key.Key == ConsoleKey.Enter)
                break;
            if (key.Key == ConsoleKey.Backspace)
                typed.Length = Math.Max(0, typed.Length - 1);
            else if (key.KeyChar != '\0')
                typed.Append(key.KeyChar);
        }

        Console.Error.WriteLine();
        return typed.ToString();
    }
}

using Pillarbox.Queue.Bodies;

namespace Pillarbox.Hosting;

/// <summary>Where the server keeps its state: its owner's alone.</summary>
internal static class DataDirectory
{
    /// <summary>Makes it where it is not there.</summary>
    /// <exception cref="CommandFault">It cannot be made.</exception>
    public static void Prepare(string directory)
    {
        try
        {
            DurableDirectory.Create(directory);
        }
        catch (Exception refused) when (refused is IOException or UnauthorizedAccessException)
        {
            throw new CommandFault($"the state directory {directory} cannot be made: {refused.Message}", refused);
        }
    }

    /// <summary>The queue's directory.</summary>
    public static string Queue(string data) => Path.Combine(data, "queue");

    /// <summary>Where captured messages are kept.</summary>
    public static string Captured(string data) => Path.Combine(data, "captured");

    /// <summary>The evaluation server's certificate.</summary>
    public static string Tls(string data) => Path.Combine(data, "tls");

    /// <summary>What lets a program of the same user change things through the console's API.</summary>
    public static string ConsoleToken(string data) => Path.Combine(data, "console.token");
}

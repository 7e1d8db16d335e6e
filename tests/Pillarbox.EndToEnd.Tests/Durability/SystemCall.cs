using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace Pillarbox.EndToEnd.Tests.Durability;

/// <summary>A system call as strace saw it.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Arguments">Its arguments as strace wrote them.</param>
/// <param name="Result">What it returned; -1 where it failed, or was never seen to return.</param>
/// <param name="Started">The line on which it was entered: greater is later.</param>
/// <param name="Ended">The line on which it returned; <see cref="int.MaxValue"/> when it was never seen to.</param>
internal sealed record SystemCall(string Name, string Arguments, long Result, int Started, int Ended)
{
    private string? _path;

    /// <summary>Whether it returned without an error.</summary>
    public bool Succeeded => Result >= 0 && Ended != int.MaxValue;

    /// <summary>What the descriptor that it worked on names (strace -y); of openat, of the one that it gave.</summary>
    public string Path => _path ??= Name == "openat" ? OpenedPath() : DescriptorPath();

    /// <summary>Whether an openat made the file.</summary>
    public bool Creates => Name == "openat" && Arguments.Contains("O_CREAT", StringComparison.Ordinal);

    /// <summary>What was written, octet by octet, of a call that writes: all strings in its arguments, joined.</summary>
    public string Data()
    {
        var data = new StringBuilder();
        for (var at = Arguments.IndexOf('"', StringComparison.Ordinal); at >= 0; at = Arguments.IndexOf('"', at))
            at = Unquote(at + 1, data);
        return data.ToString();
    }

    // strace quotes as C does: \n and the like, \" and \\, and up to three octal digits.
    private int Unquote(int at, StringBuilder data)
    {
        while (at < Arguments.Length && Arguments[at] != '"')
        {
            var c = Arguments[at++];
            if (c != '\\')
            {
                data.Append(c);
                continue;
            }

            c = Arguments[at++];
            if (c is >= '0' and <= '7')
            {
                var value = c - '0';
                for (var digits = 1; digits < 3 && Arguments[at] is >= '0' and <= '7'; digits++)
                    value = (value * 8) + Arguments[at++] - '0';
                data.Append((char)value);
            }
            else
            {
                data.Append(c switch { 'n' => '\n', 'r' => '\r', 't' => '\t', 'v' => '\v', 'f' => '\f', _ => c });
            }
        }

        return at + 1;
    }

    private string OpenedPath()
    {
        var start = Arguments.LastIndexOf("= ", StringComparison.Ordinal);
        var match = start < 0 ? Match.Empty : Regex.Match(Arguments[start..], "^= [0-9]+<(.*)>");
        return match.Success ? match.Groups[1].Value : "";
    }

    private string DescriptorPath()
    {
        var match = Regex.Match(Arguments, @"^\(?[0-9]+<([^>]*)>", RegexOptions.None);
        return match.Success ? match.Groups[1].Value : "";
    }
}

/// <summary>Reads what <c>strace -f -y -o FILE</c> wrote.</summary>
internal static partial class StraceLog
{
    /// <summary>
    /// The calls, in the order in which they were entered. A call that another thread's line interrupts comes as two lines, <c>unfinished</c> and
    /// <c>resumed</c>. A process is stopped at both ends of a call until strace has written its line, so the lines' order is the order of events.
    /// </summary>
    public static List<SystemCall> Read(IEnumerable<string> lines)
    {
        List<SystemCall> calls = [];
        Dictionary<string, (int Index, string Text)> unfinished = [];
        var number = 0;
        foreach (var line in lines)
        {
            number++;
            if (Resumed().Match(line) is { Success: true } resumed)
            {
                if (!unfinished.Remove(resumed.Groups["pid"].Value, out var begun))
                    continue;
                calls[begun.Index] = Parse(calls[begun.Index].Name, begun.Text + resumed.Groups["rest"].Value, calls[begun.Index].Started, number);
            }
            else if (Entered().Match(line) is { Success: true } entered)
            {
                var rest = entered.Groups["rest"].Value;
                var name = entered.Groups["name"].Value;
                if (rest.EndsWith(UnfinishedMark, StringComparison.Ordinal))
                {
                    rest = rest[..^UnfinishedMark.Length];
                    unfinished[entered.Groups["pid"].Value] = (calls.Count, rest);
                    calls.Add(new SystemCall(name, rest, -1, number, int.MaxValue));
                }
                else
                {
                    calls.Add(Parse(name, rest, number, number));
                }
            }
        }

        return calls;
    }

    private const string UnfinishedMark = " <unfinished ...>";

    private static SystemCall Parse(string name, string text, int started, int ended)
    {
        // The result stands behind the last closing parenthesis: " = 12", " = 3</path>", " = -1 EIO (Input/output error)", " = ?".
        var at = text.LastIndexOf(" = ", StringComparison.Ordinal);
        var result = at < 0 ? Match.Empty : Number().Match(text, at + 3);
        return result.Success
            ? new SystemCall(name, text, long.Parse(result.Value, CultureInfo.InvariantCulture), started, ended)
            : new SystemCall(name, text, -1, started, int.MaxValue);
    }

    [GeneratedRegex(@"^(?<pid>\d+)\s+(?<name>[a-z0-9_]+)\((?<rest>.*)$", RegexOptions.Singleline)]
    private static partial Regex Entered();

    [GeneratedRegex(@"^(?<pid>\d+)\s+<\.\.\. [a-z0-9_]+ resumed>(?<rest>.*)$", RegexOptions.Singleline)]
    private static partial Regex Resumed();

    [GeneratedRegex(@"\G-?\d+")]
    private static partial Regex Number();
}

using System.Text;
using Pillarbox.Protocol.Replies;

namespace Pillarbox.Protocol.Commands;

/// <summary>Reads one parameter's value into a command.</summary>
/// <returns>The fault, or <see langword="null"/>.</returns>
internal delegate Reply? ParameterReader<T>(ReadOnlySpan<byte> value, bool hasValue, ref T command);

/// <summary>The parameters that a command knows, each allowed once (RFC 5321 §4.1.1.11), so that their number has a bound too.</summary>
/// <param name="rows">Keyword and reader, the frequent ones first; 32 at most.</param>
internal sealed class ParameterTable<T>(params (string Keyword, ParameterReader<T> Read)[] rows)
{
    private readonly byte[][] _keywords = Array.ConvertAll(rows, row => Encoding.ASCII.GetBytes(row.Keyword));

    /// <summary>Reads all parameters of a command.</summary>
    /// <returns>The first fault, or <see langword="null"/>.</returns>
    public Reply? Read(ReadOnlySpan<byte> text, ref T command)
    {
        var seen = 0u;
        var parameters = new EsmtpParameters(text);
        while (parameters.MoveNext())
        {
            var row = Find(parameters.Keyword);
            if (row < 0)
                return ReplyCatalogue.UnknownParameter;
            if ((seen & (1u << row)) != 0)
                return ReplyCatalogue.DuplicateParameter;
            seen |= 1u << row;
            if (rows[row].Read(parameters.Value, parameters.HasValue, ref command) is { } fault)
                return fault;
        }

        return parameters.Malformed ? ReplyCatalogue.BadArgument : null;
    }

    private int Find(ReadOnlySpan<byte> keyword)
    {
        for (var row = 0; row < _keywords.Length; row++)
        {
            if (Ascii.EqualsIgnoreCase(keyword, _keywords[row]))
                return row;
        }

        return -1;
    }
}

using System.Buffers;

namespace Pillarbox.Fuzzing;

/// <summary>Cuts an input as a network might: the same way each time, so that a fault can be shown again.</summary>
internal static class Pieces
{
    /// <summary>The input in pieces of random lengths, mostly short ones.</summary>
    public static IEnumerable<byte[]> Of(byte[] input)
    {
        var random = new Random(Sum(input));
        for (var at = 0; at < input.Length;)
        {
            var length = Math.Min(input.Length - at, random.Next(1, 1 << random.Next(1, 13)));
            yield return input[at..(at + length)];
            at += length;
        }
    }

    /// <summary>The pieces as one sequence.</summary>
    public static ReadOnlySequence<byte> Sequence(byte[] input)
    {
        Segment? first = null;
        Segment? last = null;
        foreach (var piece in Of(input))
        {
            last = new Segment(piece, last);
            first ??= last;
        }

        return first is null ? ReadOnlySequence<byte>.Empty : new ReadOnlySequence<byte>(first, 0, last!, last!.Memory.Length);
    }

    private static int Sum(byte[] input)
    {
        var sum = 17;
        foreach (var octet in input)
            sum = unchecked((sum * 31) + octet);
        return sum;
    }

    private sealed class Segment : ReadOnlySequenceSegment<byte>
    {
        public Segment(byte[] piece, Segment? before)
        {
            Memory = piece;
            if (before is not null)
            {
                before.Next = this;
                RunningIndex = before.RunningIndex + before.Memory.Length;
            }
        }
    }
}

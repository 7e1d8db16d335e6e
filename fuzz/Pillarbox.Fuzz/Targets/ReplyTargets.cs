using System.Buffers;
using Pillarbox.Delivery.Client;
using Pillarbox.Protocol.Replies;

namespace Pillarbox.Fuzzing;

/// <summary>What servers say to our client.</summary>
internal static class ReplyTargets
{
    private static readonly byte[][] Tokens =
    [
        .. FuzzTarget.Texts(
            "250", "250-", "250 ", "220 ", "354 ", "421 4.3.2 ", "550-5.1.1 ", "550 5.1.1 ", "5.7.1", "5.999.999", "5.1000.1", "\r\n", "\n", "\r", "\0", " ", "SIZE ", "SIZE 99999999999999999999", "AUTH PLAIN LOGIN", "AUTH=",
            "PIPELINING\r\n", "CHUNKING\r\n", "LIMITS RCPTMAX=5 MAILMAX=", "DELIVERBY 0\r\n", "FUTURERELEASE 9999999999 2030-01-01T00:00:00Z\r\n", "MT-PRIORITY MIXER\r\n", "600 ", "199 ", "\u00e4", "\ud83d\udce8"),
        [0x80], [0xff], [0x1b], [0xed, 0xa0, 0x80],
    ];

    /// <summary>All of them.</summary>
    public static IReadOnlyList<FuzzTarget> All { get; } =
    [
        new("remote-replies", Replies, () => Corpus.Of("remote-replies")) { Tokens = Tokens },
        new("capabilities", Capabilities, () => Corpus.Of("capabilities")) { Tokens = Tokens },
    ];

    private static void Replies(byte[] input)
    {
        var (whole, cause) = Read([input]);
        var (parts, partsCause) = Read(Pieces.Of(input));
        FuzzTarget.Require(cause is null == partsCause is null, $"a fault that depends on how replies were cut: {cause}, {partsCause}");
        FuzzTarget.Require(whole.SequenceEqual(parts), "replies that depend on how they were cut");
        foreach (var reply in whole)
        {
            FuzzTarget.Require(reply.Code is >= 200 and < 600, "no such code");
            FuzzTarget.Require(reply.Text.Length <= RemoteReplyReader.MaxText && !reply.Text.Any(c => char.IsControl(c) && c != '\n'), "a text that cannot be shown");
        }
    }

    private static void Capabilities(byte[] input)
    {
        foreach (var reply in Read([input]).Replies)
        {
            var found = SmtpCapabilities.Parse(reply);
            FuzzTarget.Require(found.MaxSize is null or > 0, "a limit that lets nothing through");
        }
    }

    private static (List<RemoteReply> Replies, string? Cause) Read(IEnumerable<byte[]> pieces)
    {
        var reader = new RemoteReplyReader();
        var replies = new List<RemoteReply>();
        var left = Array.Empty<byte>();
        try
        {
            foreach (var piece in pieces)
            {
                var buffer = new ReadOnlySequence<byte>([.. left, .. piece]);
                while (reader.TryRead(ref buffer, out var reply))
                    replies.Add(reply);
                left = buffer.ToArray();
                FuzzTarget.Require(left.Length <= RemoteReplyReader.MaxLine, "more is kept than a line");
            }
        }
        catch (FormatException fault)
        {
            FuzzTarget.Require(!fault.Message.Any(char.IsControl), "a message that cannot be shown");
            return (replies, fault.Message);
        }

        return (replies, null);
    }
}

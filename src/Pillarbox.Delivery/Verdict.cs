using Pillarbox.Protocol.Replies;

namespace Pillarbox.Delivery;

/// <summary>What an attempt means for a recipient.</summary>
public enum Disposition
{
    /// <summary>The next hop, or the mailbox, has taken the message over.</summary>
    Delivered,

    /// <summary>The same may work later.</summary>
    Deferred,

    /// <summary>The same will not work: the sender is told.</summary>
    Failed,
}

/// <summary>What a delivery was, for a sender who asked to hear of it (RFC 3461 §4.1).</summary>
public enum Success
{
    /// <summary>Nothing to be said here: the next server says it, or nobody.</summary>
    Unsaid,

    /// <summary>The message is in the mailbox.</summary>
    Delivered,

    /// <summary>A server has it that reports no success.</summary>
    Relayed,

    /// <summary>The address stood for others, to whom the message goes on (RFC 3461 §5.2.7.3).</summary>
    Expanded,

    /// <summary>A server has it, and the sender hears of that whatever else was asked for (RFC 2852 §4.1.4), unless it was nothing at all.</summary>
    Traced,
}

/// <summary>How an attempt to deliver to one recipient ended, and who said so.</summary>
/// <param name="Disposition">What it means for the recipient.</param>
/// <param name="Status">The enhanced status; its class always goes with <paramref name="Disposition"/>.</param>
/// <param name="Text">The reason in one line: the remote's own words, or ours where there was no reply.</param>
public sealed record Verdict(Disposition Disposition, EnhancedStatus Status, string Text)
{
    /// <summary>What the remote said, where it was the remote that decided.</summary>
    public RemoteReply? Reply { get; init; }

    /// <summary>The remote's name, or <see langword="null"/> where none was spoken to.</summary>
    public string? Host { get; init; }

    /// <summary>What the delivery was.</summary>
    public Success Success { get; init; }

    /// <summary>The server takes no more recipients at once, so this one was not named to it: it goes separately, at once.</summary>
    public bool Untried { get; init; }

    /// <summary>The verdict in one line, as the queue's listing, the log and the delay notice show it.</summary>
    public override string ToString() => Host is null || Reply is null ? Text : $"{Host} said: {Text}";

    /// <summary>The verdict that a reply amounts to. What is neither 2yz nor 5yz is taken for transient.</summary>
    public static Verdict Of(RemoteReply reply, string host)
    {
        ArgumentNullException.ThrowIfNull(reply);
        var disposition = reply.IsPositive ? Disposition.Delivered : reply.IsPermanent ? Disposition.Failed : Disposition.Deferred;
        var digit = (byte)(disposition switch { Disposition.Delivered => 2, Disposition.Failed => 5, _ => 4 });

        // The code decides where code and enhanced status contradict each other: RFC 2034 §4 has them agree.
        var status = reply.Status.Class == digit ? reply.Status : new EnhancedStatus(digit, 0, 0);
        return new Verdict(disposition, status, reply.ToString()) { Reply = reply, Host = host };
    }

    /// <summary>A transient failure of our own finding.</summary>
    public static Verdict Defer(short subject, short detail, string text, string? host = null) =>
        new(Disposition.Deferred, new EnhancedStatus(4, subject, detail), text) { Host = host };

    /// <summary>A permanent failure of our own finding.</summary>
    public static Verdict Fail(short subject, short detail, string text, string? host = null) =>
        new(Disposition.Failed, new EnhancedStatus(5, subject, detail), text) { Host = host };
}

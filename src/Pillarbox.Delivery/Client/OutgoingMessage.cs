using System.Collections.Immutable;
using System.Text.Unicode;
using Pillarbox.Protocol.Commands;
using Pillarbox.Protocol.Grammar;
using Pillarbox.Queue;

namespace Pillarbox.Delivery.Client;

/// <summary>A message for one transaction. Its octets go out as they are: prologue, then body.</summary>
/// <param name="Sender">The reverse-path, <see langword="null"/> for the null one.</param>
/// <param name="Recipients">The forward-paths, at least one.</param>
/// <param name="Body">The content, each line ended by CRLF; owned by the caller.</param>
public sealed record OutgoingMessage(Mailbox? Sender, ImmutableArray<Recipient> Recipients, MessageBody Body)
{
    /// <summary>Header lines ahead of the body.</summary>
    public ReadOnlyMemory<byte> Prologue { get; init; }

    /// <summary>What the content needs of the server.</summary>
    public MessageTraits Traits { get; init; }

    /// <summary>Whether the message came with SMTPUTF8, and so goes on with it where offered.</summary>
    public bool SmtpUtf8 { get; init; }

    /// <summary>What the sender asked of the delivery.</summary>
    public SenderRequests Requests { get; init; } = SenderRequests.None;

    /// <summary>What is left of the time that the sender gave, at the moment of sending; <see langword="null"/> where none was given.</summary>
    public DeliverByParameter? DeliverBy { get; init; }

    /// <summary>Octets on the wire ahead of dot-stuffing.</summary>
    public long Size => Prologue.Length + Body.Length;

    /// <summary>
    /// A message from a file's content: bare LFs and CRs become CRLF, a last line gets its end, and what it needs of the server is found out.
    /// A header in UTF-8 makes it a message for SMTPUTF8.
    /// </summary>
    public static OutgoingMessage FromContent(Mailbox? sender, ImmutableArray<Recipient> recipients, ReadOnlySpan<byte> content)
    {
        var canonical = CanonicalContent.Of(content);
        var traits = CanonicalContent.Traits(canonical);
        return new OutgoingMessage(sender, recipients, new BufferedBody(canonical))
        {
            Traits = traits,
            SmtpUtf8 = traits.HasFlag(MessageTraits.EightBitHeaders) && Utf8.IsValid(canonical),
        };
    }
}

/// <summary>A body that is a buffer.</summary>
public sealed class BufferedBody(ReadOnlyMemory<byte> content) : MessageBody
{
    /// <inheritdoc/>
    public override long Length => content.Length;

    /// <inheritdoc/>
    public override ReadOnlyMemory<byte>? InMemory => content;

    /// <inheritdoc/>
    public override ValueTask<int> ReadAsync(long offset, Memory<byte> destination, CancellationToken cancellationToken = default)
    {
        var left = content[(int)Math.Min(offset, content.Length)..];
        var count = Math.Min(left.Length, destination.Length);
        left[..count].CopyTo(destination);
        return ValueTask.FromResult(count);
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
    }
}

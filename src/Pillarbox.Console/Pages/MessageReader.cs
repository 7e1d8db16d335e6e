using MimeKit;
using MimeKit.IO;
using Pillarbox.Delivery.Capture;
using Pillarbox.Queue;

namespace Pillarbox.WebConsole.Pages;

/// <summary>A part that is not shown.</summary>
public sealed record MessagePart(string Name, string Type);

/// <summary>What a message's page shows of its content: text, all of it hostile.</summary>
public sealed record MessageContent(
    IReadOnlyList<(string Name, string Value)> Fields, string? Text, string? Html, IReadOnlyList<MessagePart> Parts, bool IsCut);

/// <summary>What a message's page shows.</summary>
public sealed record MessageModel(CapturedMessage Message, string? Session, MessageContent Content);

/// <summary>
/// Takes a captured message apart for a page. However it was made, this costs a bounded amount of memory: its beginning alone is parsed,
/// and few are parsed at a time.
/// </summary>
internal sealed class MessageReader(CaptureStore captured) : IDisposable
{
    private const long MaxParsed = 8 << 20;
    private const int MaxText = 256 << 10;
    private const int MaxFields = 200;
    private const int MaxField = 4 << 10;
    private const int MaxParts = 100;
    private const int MaxDepth = 32;
    private const int SideBySide = 4;

    private readonly SemaphoreSlim _turns = new(SideBySide);

    // As the capture does: mail has charsets that .NET knows only when told to.
    static MessageReader() => System.Text.Encoding.RegisterProvider(System.Text.CodePagesEncodingProvider.Instance);

    /// <summary>The content, or <see langword="null"/> when the message is gone.</summary>
    public async Task<MessageContent?> ReadAsync(QueueId id, CancellationToken cancellationToken)
    {
        await _turns.WaitAsync(cancellationToken);
        try
        {
            await using var raw = await captured.OpenRawAsync(id, cancellationToken);
            if (raw is null)
                return null;
            using var start = new BoundStream(raw, 0, Math.Min(raw.Length, MaxParsed), leaveOpen: true);
            return await ParseAsync(start, isCut: raw.Length > MaxParsed, cancellationToken);
        }
        finally
        {
            _turns.Release();
        }
    }

    public void Dispose() => _turns.Dispose();

    private static async Task<MessageContent> ParseAsync(Stream raw, bool isCut, CancellationToken cancellationToken)
    {
        var options = ParserOptions.Default.Clone();
        options.MaxMimeDepth = MaxDepth;
        if (raw.Length == 0)
            return new MessageContent([], "", null, [], isCut);
        try
        {
            var fields = await HeaderList.LoadAsync(options, raw, cancellationToken);
            raw.Position = 0;
            using var message = await MimeMessage.LoadAsync(options, raw, persistent: true, cancellationToken);
            return Describe(fields, message, isCut);
        }
        catch (FormatException)
        {
            // No header section that could be read as one: its octets are all there is to show.
            raw.Position = 0;
            var start = new byte[(int)Math.Min(MaxText, raw.Length)];
            var length = await raw.ReadAtLeastAsync(start, start.Length, throwOnEndOfStream: false, cancellationToken);
            return new MessageContent([], System.Text.Encoding.UTF8.GetString(start, 0, length), null, [], isCut || length < raw.Length);
        }
    }

    private static MessageContent Describe(HeaderList headers, MimeMessage message, bool isCut)
    {
        var fields = headers.Take(MaxFields).Select(header => (header.Field, Cut(header.Value, MaxField, ref isCut))).ToList();
        isCut |= headers.Count > MaxFields;
        string? text = null;
        string? html = null;
        List<MessagePart> parts = [];
        foreach (var part in Leaves(message.Body, MaxDepth).Take(MaxParts))
        {
            if (part is TextPart { IsAttachment: false, IsHtml: true } && html is null)
                html = Text((TextPart)part, ref isCut);
            else if (part is TextPart { IsAttachment: false, IsHtml: false } && text is null)
                text = Text((TextPart)part, ref isCut);
            else
                parts.Add(new MessagePart(Name(part), part.ContentType.MimeType));
        }

        return new MessageContent(fields, text, html, parts, isCut);
    }

    private static IEnumerable<MimeEntity> Leaves(MimeEntity? entity, int depth)
    {
        if (entity is Multipart multipart && depth > 0)
            return multipart.SelectMany(child => Leaves(child, depth - 1));
        return entity is null ? [] : [entity];
    }

    private static string Name(MimeEntity part)
    {
        var name = part.ContentDisposition?.FileName ?? part.ContentType.Name;
        return string.IsNullOrWhiteSpace(name) ? "(no name)" : name.Length > 200 ? name[..200] + "…" : name;
    }

    // Read up to a bound: a few octets of a transfer encoding never become many, but a long part is long.
    private static string Text(TextPart part, ref bool isCut)
    {
        if (part.Content is null)
            return "";
        using var decoded = part.Content.Open();
        var bytes = new byte[MaxText];
        var length = decoded.ReadAtLeast(bytes, MaxText, throwOnEndOfStream: false);
        isCut |= length == MaxText;
        return Decode(part, bytes, length);
    }

    private static string Decode(TextPart part, byte[] bytes, int length)
    {
        try
        {
            var encoding = part.ContentType.CharsetEncoding ?? System.Text.Encoding.UTF8;
            return encoding.GetString(bytes, 0, length);
        }
        catch (NotSupportedException)
        {
            return System.Text.Encoding.UTF8.GetString(bytes, 0, length);
        }
    }

    private static string Cut(string value, int most, ref bool isCut)
    {
        if (value.Length <= most)
            return value;
        isCut = true;
        return value[..most] + "…";
    }
}

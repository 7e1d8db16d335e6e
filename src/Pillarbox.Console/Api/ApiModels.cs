using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using Pillarbox.Delivery.Capture;
using Pillarbox.Delivery.Scheduling;
using Pillarbox.Server.Sessions;

namespace Pillarbox.WebConsole.Api;

// The names and their order are the contract; a golden test holds them.

internal sealed record MessagesDocument(IAsyncEnumerable<MessageDocument> Messages);

internal sealed record MessageDocument(string Id, string From, IReadOnlyList<string> To, string Subject, long Size, DateTimeOffset Received)
{
    public static MessageDocument Of(CapturedMessage message) =>
        new(message.Id.ToString(), message.From, message.To, message.Subject, message.Size, message.Received);
}

internal sealed record SessionsDocument(IReadOnlyList<SessionDocument> Sessions);

internal sealed record SessionDocument(
    string Id, string Listener, string Client, DateTimeOffset Started, DateTimeOffset? Ended, IReadOnlyList<LineDocument> Lines)
{
    public static SessionDocument Of(SessionTranscript session) => new(
        session.Id, session.Listener, session.Client, session.Started, session.Ended,
        [.. session.Lines.Select(line => new LineDocument(line.At, line.FromServer ? "server" : "client", line.Text))]);
}

internal sealed record LineDocument(DateTimeOffset At, string From, string Text);

internal sealed record QueueDocument(IAsyncEnumerable<QueuedDocument> Messages);

internal sealed record QueuedDocument(string Id, string From, long Size, DateTimeOffset Accepted, IReadOnlyList<RecipientDocument> Recipients)
{
    public static QueuedDocument Of(QueueItem item) => new(
        item.Id.ToString(), item.From, item.Size, item.Accepted, [.. item.Recipients.Select(RecipientDocument.Of)]);
}

internal sealed record RecipientDocument(string Address, string State, int Attempts, DateTimeOffset? Next, string? LastReply)
{
    public static RecipientDocument Of(QueueItemRecipient recipient) => new(
        recipient.Address, Name(recipient.State), recipient.Attempts, recipient.Next, recipient.LastReply);

    public static string Name(QueueItemState state) => state switch
    {
        QueueItemState.Queued => "queued",
        QueueItemState.Delivering => "delivering",
        QueueItemState.Deferred => "deferred",
        QueueItemState.Held => "held",
        _ => throw new ArgumentOutOfRangeException(nameof(state), state, null),
    };
}

/// <summary>Times as RFC 3339 in UTC, with a Z.</summary>
internal sealed class UtcTimeConverter : JsonConverter<DateTimeOffset>
{
    public override DateTimeOffset Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => reader.GetDateTimeOffset();

    public override void Write(Utf8JsonWriter writer, DateTimeOffset value, JsonSerializerOptions options) =>
        writer.WriteStringValue(value.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture));
}

[JsonSerializable(typeof(MessagesDocument))]
[JsonSerializable(typeof(SessionsDocument))]
[JsonSerializable(typeof(SessionDocument))]
[JsonSerializable(typeof(QueueDocument))]
[JsonSerializable(typeof(QueuedDocument))]
[JsonSerializable(typeof(CodesDocument))]
[JsonSerializable(typeof(ComparisonDocument))]
[JsonSerializable(typeof(Health.HealthDocument))]
internal sealed partial class ApiJson : JsonSerializerContext
{
    public static void Configure(JsonSerializerOptions options)
    {
        options.PropertyNamingPolicy = JsonNamingPolicy.CamelCase;
        // The answers are JSON and said to be (nosniff): what would matter inside HTML needs no escape here.
        options.Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping;
        options.NumberHandling = JsonNumberHandling.Strict;
        options.Converters.Add(new UtcTimeConverter());
        options.TypeInfoResolverChain.Insert(0, Default);
    }
}

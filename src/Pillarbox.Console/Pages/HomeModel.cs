using System.Net;
using Pillarbox.Delivery.Capture;
using Pillarbox.Queue;
using Pillarbox.Server.Sessions;

namespace Pillarbox.WebConsole.Pages;

/// <summary>What the first page shows.</summary>
/// <param name="Messages">The newest messages, or those after one.</param>
/// <param name="IsContinued">Whether the list goes on from an earlier page.</param>
/// <param name="Older">Where the next page begins, if there is one.</param>
/// <param name="Total">Messages kept in all.</param>
/// <param name="Sessions">The latest sessions.</param>
/// <param name="Smtp">Where mail can be sent to.</param>
/// <param name="IsEvaluation">Whether everything sent there is captured.</param>
public sealed record HomeModel(
    IReadOnlyList<CapturedMessage> Messages, bool IsContinued, QueueId? Older, int Total,
    IReadOnlyList<SessionTranscript> Sessions, IReadOnlyList<(string Listener, IPEndPoint Address)> Smtp, bool IsEvaluation);

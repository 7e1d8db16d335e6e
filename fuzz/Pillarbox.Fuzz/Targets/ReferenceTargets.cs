using System.Text;
using System.Text.Json;
using Pillarbox.Bounces;
using Pillarbox.Reference;

namespace Pillarbox.Fuzzing;

/// <summary>What explains replies and reads messages that came back.</summary>
internal static class ReferenceTargets
{
    // What the formats treat as special, and what readers have stumbled over.
    private static readonly byte[][] Tokens =
    [
        .. FuzzTarget.Texts(
            "\r\n", "\r\n\r\n", "\n", "\r", "\0", "--", "--\r\n", "=", "=\r\n", "=?utf-8?B?", "=?iso-2022-jp?Q?", "?=", "<", ">", "<<<", ">>>", "@", "..", ";", ":", "\"", "\\", "(", ")", "((((", "+3D", "\\x{110A1}", "\\x{", "}",
            "Content-Type: multipart/report; boundary=b\r\n\r\n--b\r\n", "Content-Type: message/delivery-status\r\n\r\n", "Content-Type: message/rfc822\r\n\r\n", "Content-Type: text/html; charset=utf-7\r\n\r\n",
            "Content-Transfer-Encoding: base64\r\n", "Content-Transfer-Encoding: x-uuencode\r\n", "charset=\"", "Final-Recipient: rfc822; a@b.example\r\n", "Action: failed\r\nStatus: 5.1.1\r\n\r\n", "Diagnostic-Code: smtp; ",
            "X-Failed-Recipients: a@b.example\r\n", "From: MAILER-DAEMON\r\n", "Return-Path: <>\r\n", "550 5.1.1 ", "550-5.7.1 ", "4.2.2", "999999999999999999999", " -> ", "\t", "&#x110000;", "<!--", "<script>", "\u0e1c\u0e39\u0e49", "\ud83d\udce8", "\ufeff", "\u202e"),
        [0xff], [0xfe, 0xff], [0x80], [0x1b, (byte)'$', (byte)'B'], [0xc3], [0xed, 0xa0, 0x80],
    ];

    /// <summary>All of them.</summary>
    public static IReadOnlyList<FuzzTarget> All { get; } =
    [
        new("bounces", Bounces, () => [.. Seeds.Messages(Path.Combine(Seeds.Repository(), "tests", "Pillarbox.Bounces.Tests", "Messages", "tuning")), .. Corpus.Of("bounces")])
        {
            Tokens = Tokens,
            MaxLength = 1 << 20,
        },
        new("replies", Replies, () => Seeds.Replies(Path.Combine(Seeds.Repository(), "src", "Pillarbox.Reference", "Wordings"))) { Tokens = Tokens },
    ];

    private static void Bounces(byte[] input)
    {
        using var stream = new MemoryStream(input, writable: false);
        var report = MessageReader.ReadAsync(stream).GetAwaiter().GetResult();
        FuzzTarget.Require(report.Recipients.Count <= MessageReader.MaxRecipients, "too many recipients");
        FuzzTarget.Require(report.Kind != MessageKind.Other || report.Recipients.Count == 0, "recipients of no report");
        using var json = JsonDocument.Parse(report.ToJson());
        foreach (var recipient in report.Recipients)
            Check(recipient.Explanation);
    }

    private static void Replies(byte[] input)
    {
        if (Explainer.ExplainText(Encoding.UTF8.GetString(input)) is not { } explanation)
            return;
        using var json = JsonDocument.Parse(explanation.ToJson());
        Check(explanation);
    }

    private static void Check(Explanation explanation)
    {
        FuzzTarget.Require(explanation.Code is null or (>= 200 and <= 599), "no such code");
        FuzzTarget.Require(explanation.Meaning.Length > 0 || explanation.Reason == ReplyReason.Undefined, "no meaning");
        FuzzTarget.Require(explanation.Wording is null or { Confidence: >= 0 and <= 1, Evidence.Length: <= 1024 }, "evidence or confidence out of bounds");
    }
}

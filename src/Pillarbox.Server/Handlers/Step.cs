using Pillarbox.Protocol.Replies;

namespace Pillarbox.Server.Handlers;

/// <summary>What the session does once a reply is on its way.</summary>
internal enum After
{
    /// <summary>Takes the next command.</summary>
    GoOn,

    /// <summary>Closes.</summary>
    Close,

    /// <summary>Shakes hands for TLS.</summary>
    StartTls,

    /// <summary>Greets the client that the peer speaks for.</summary>
    Greet,

    /// <summary>Receives a message.</summary>
    ReceiveMessage,

    /// <summary>Takes the next command: the transaction is over, and the reply is the message's verdict.</summary>
    MessageOver,
}

/// <summary>What a handler answers: only the session writes.</summary>
internal readonly record struct Step(Reply Reply, After After = After.GoOn)
{
    public static implicit operator Step(Reply reply) => new(reply);
}

namespace Pillarbox.Server.Sessions;

/// <summary>Why a conversation cannot go on.</summary>
internal enum Ending
{
    None,

    /// <summary>The client closed its side or vanished.</summary>
    ClientGone,

    /// <summary>The client was silent, or did not read, for too long.</summary>
    Idle,

    /// <summary>The server stops, and waits for transactions that are open.</summary>
    ShuttingDown,

    /// <summary>The server stops and waits no longer.</summary>
    GraceOver,

    /// <summary>The transaction took too long.</summary>
    TransactionTooLong,

    /// <summary>Data came too slowly.</summary>
    TooSlow,

    /// <summary>What had to be thrown away went on for too long.</summary>
    TooMuch,
}

namespace Pillarbox.Server.Sessions;

/// <summary>What is wrong with a line.</summary>
internal enum LineFault
{
    None,
    TooLong,

    /// <summary>It is too long, and was meant to announce a chunk.</summary>
    BdatTooLong,
    BareNewline,

    /// <summary>The rest of a line that was too long has no end.</summary>
    Endless,
}

namespace Pillarbox.Server.Guessing;

/// <summary>
/// From which networks accounts have lately logged in: the last eight of each of the last accounts that did. Only who knows a secret
/// can write here, and only into that account's places, so a crowd of strangers pushes nobody out. Times are milliseconds. Not thread-safe.
/// </summary>
internal sealed class Acquaintances(int accounts)
{
    /// <summary>How long an account is known where it logged in.</summary>
    public const long Kept = 30L * 24 * 60 * 60 * 1000;

    private const int Ways = 8;
    private const int NetworksEach = 8;

    private Table? _table;

    /// <summary>Whether the account has lately logged in from there.</summary>
    public bool Know(ulong account, ulong network, long now) =>
        account != 0 && _table is { } table && Find(table, account) is >= 0 and var at && IndexOf(table, at, network) is >= 0 and var place && now - table.Since[place] < Kept;

    /// <summary>Whether any account has. Looks at all of them: for those alone who would be turned away otherwise.</summary>
    public bool KnowAnybody(ulong network, long now)
    {
        if (_table is not { } table)
            return false;
        for (var from = 0; table.Networks.AsSpan(from).IndexOf(network) is >= 0 and var at; from += at + 1)
        {
            if (now - table.Since[from + at] < Kept)
                return true;
        }

        return false;
    }

    /// <summary>The account has logged in from there.</summary>
    public void Meet(ulong account, ulong network, long now)
    {
        var table = _table ??= new Table(accounts);
        var at = Find(table, account);
        if (at < 0)
        {
            at = Oldest(table.Used.AsSpan(First(account), Ways)) + First(account);
            table.Accounts[at] = account;
            Networks(table.Networks, at).Clear();
            Networks(table.Since, at).Clear();
        }

        var place = IndexOf(table, at, network);
        if (place < 0)
            place = (at * NetworksEach) + Oldest(Networks(table.Since, at));
        table.Networks[place] = network;
        table.Since[place] = now;
        table.Used[at] = now;
    }

    private int Find(Table table, ulong account) => table.Accounts.AsSpan(First(account), Ways).IndexOf(account) is >= 0 and var way ? First(account) + way : -1;

    private static int IndexOf(Table table, int at, ulong network) =>
        Networks(table.Networks, at).IndexOf(network) is >= 0 and var place ? (at * NetworksEach) + place : -1;

    private static Span<T> Networks<T>(T[] all, int at) => all.AsSpan(at * NetworksEach, NetworksEach);

    // Places that were never taken are older than all others.
    private static int Oldest(ReadOnlySpan<long> since)
    {
        var oldest = 0;
        for (var i = 1; i < since.Length; i++)
        {
            if (since[i] < since[oldest])
                oldest = i;
        }

        return oldest;
    }

    private int First(ulong account) => (int)(account % (ulong)(accounts / Ways)) * Ways;

    private sealed class Table(int accounts)
    {
        public readonly ulong[] Accounts = new ulong[accounts];
        public readonly long[] Used = new long[accounts];
        public readonly ulong[] Networks = new ulong[accounts * NetworksEach];
        public readonly long[] Since = new long[accounts * NetworksEach];
    }
}

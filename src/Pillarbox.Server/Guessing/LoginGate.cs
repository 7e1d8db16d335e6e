namespace Pillarbox.Server.Guessing;

/// <summary>
/// Lets so many logins at a time have their secrets checked, and the others wait their turn: networks in turn, whatever each of them
/// asks for, and those that are known, since the account has lately logged in from there, ahead of all strangers. A flood, from one network or from many,
/// so takes nobody's turn. Thread-safe; whoever waits is woken on the thread that leaves.
/// </summary>
/// <param name="width">How many at a time.</param>
/// <param name="waiting">Told by how many there are more, or fewer, that wait.</param>
internal sealed class LoginGate(int width, Action<int> waiting)
{
    /// <summary>How many strangers of one network may wait.</summary>
    public const int MostOfOne = 16;

    /// <summary>How many of one network may who are known there: a webmail logs all of its users in, and most of an office at nine o'clock.</summary>
    public const int MostOfKnown = 256;

    /// <summary>How many may wait in all: strangers, and as many of those who are known.</summary>
    public const int MostOfAll = 512;

    // More than half of what there is, no network has: the next one that comes waits for none of its checks.
    private readonly int _share = (width + 1) / 2;
    private readonly Lock _lock = new();
    private readonly Dictionary<ulong, int> _inside = [];
    private readonly Line _known = new(MostOfKnown);
    private readonly Line _strangers = new(MostOfOne);
    private int _count;

    // Whom this thread has still to wake: a wake within a wake would go deeper with each.
    [ThreadStatic]
    private static Queue<TaskCompletionSource<bool>>? _toWake;

    /// <summary>Goes in, at once or when its turn comes; whoever did must leave.</summary>
    /// <returns>False, at once, where too many wait.</returns>
    public Task<bool> EnterAsync(ulong network, bool isKnown)
    {
        TaskCompletionSource<bool> turn;
        lock (_lock)
        {
            if (_count < width && _inside.GetValueOrDefault(network) < _share)
            {
                Admit(network);
                return Task.FromResult(true);
            }

            turn = new();
            if (!(isKnown ? _known : _strangers).TryAdd(network, turn))
                return Task.FromResult(false);
        }

        waiting(1);
        return turn.Task;
    }

    /// <summary>Goes out, and lets the next in.</summary>
    public void Leave(ulong network)
    {
        TaskCompletionSource<bool>? next;
        lock (_lock)
        {
            _count--;
            if (_inside[network] == 1)
                _inside.Remove(network);
            else
                _inside[network]--;
            next = TakeNext();
        }

        if (next is not null)
            Wake(next);
    }

    private void Wake(TaskCompletionSource<bool> next)
    {
        waiting(-1);
        if (_toWake is { } waking)
        {
            waking.Enqueue(next);
            return;
        }

        _toWake = new();
        _toWake.Enqueue(next);
        try
        {
            while (_toWake.TryDequeue(out var each))
                each.SetResult(true);
        }
        finally
        {
            _toWake = null;
        }
    }

    private TaskCompletionSource<bool>? TakeNext()
    {
        bool HasRoom(ulong network) => _inside.GetValueOrDefault(network) < _share;
        if (!_known.TryTake(HasRoom, out var network, out var turn) && !_strangers.TryTake(HasRoom, out network, out turn))
            return null;
        Admit(network);
        return turn;
    }

    private void Admit(ulong network)
    {
        _count++;
        _inside[network] = _inside.GetValueOrDefault(network) + 1;
    }

    // Those who wait, by network; networks take turns.
    private sealed class Line(int mostOfOne)
    {
        private readonly Dictionary<ulong, Queue<TaskCompletionSource<bool>>> _byNetwork = [];
        private readonly LinkedList<ulong> _turns = new();
        private int _count;

        public bool TryAdd(ulong network, TaskCompletionSource<bool> turn)
        {
            if (_count >= MostOfAll)
                return false;
            if (!_byNetwork.TryGetValue(network, out var queue))
            {
                _byNetwork.Add(network, queue = new());
                _turns.AddLast(network);
            }

            if (queue.Count >= mostOfOne)
                return false;
            queue.Enqueue(turn);
            _count++;
            return true;
        }

        public bool TryTake(Func<ulong, bool> hasRoom, out ulong network, out TaskCompletionSource<bool>? turn)
        {
            for (var node = _turns.First; node is not null; node = node.Next)
            {
                network = node.Value;
                if (!hasRoom(network))
                    continue;
                var queue = _byNetwork[network];
                turn = queue.Dequeue();
                _count--;
                _turns.Remove(node);
                if (queue.Count > 0)
                    _turns.AddLast(node);
                else
                    _byNetwork.Remove(network);
                return true;
            }

            network = 0;
            turn = null;
            return false;
        }
    }
}

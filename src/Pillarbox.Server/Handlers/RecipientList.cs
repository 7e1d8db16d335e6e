using Pillarbox.Protocol.Commands;
using Pillarbox.Protocol.Grammar;

namespace Pillarbox.Server.Handlers;

/// <summary>The recipients of a transaction, each once however often they were named.</summary>
internal sealed class RecipientList
{
    // Most messages have a few, who are found faster by looking at each.
    private const int Few = 8;

    private readonly List<Recipient> _all = [];
    private Dictionary<Mailbox, int>? _places;

    /// <summary>In the order in which they were first named.</summary>
    public IReadOnlyList<Recipient> All => _all;

    /// <summary>Adds one, or what is asked for one who is there.</summary>
    public void Add(Recipient recipient)
    {
        if (Find(recipient.Address) is var place and >= 0)
        {
            _all[place] = _all[place].Unite(recipient);
            return;
        }

        _all.Add(recipient);
        if (_all.Count > Few)
            Note();
    }

    /// <summary>Forgets them.</summary>
    public void Clear()
    {
        _all.Clear();
        _places?.Clear();
    }

    private int Find(Mailbox address)
    {
        if (_all.Count > Few)
            return _places!.TryGetValue(address, out var place) ? place : -1;
        for (var i = 0; i < _all.Count; i++)
        {
            if (_all[i].Address.Equals(address))
                return i;
        }

        return -1;
    }

    private void Note()
    {
        _places ??= [];
        for (var i = _places.Count; i < _all.Count; i++)
            _places.Add(_all[i].Address, i);
    }
}

using Pillarbox.Protocol.Grammar;
using Pillarbox.Queue.Lists;

namespace Pillarbox.Configuration.Rules;

/// <summary>Goes through one list and those in it, as far as a message would.</summary>
internal sealed class ListWalk(MailingLists lists)
{
    private readonly List<MailingList> _way = [];
    private readonly Dictionary<MailingList, int> _heights = [];
    private readonly HashSet<Mailbox> _members = [];

    /// <summary>What is wrong with a list, if anything.</summary>
    public string? Fault(MailingList list) => Walk(list) ?? (_members.Count <= MailingLists.MostMembers
        ? null
        : $"the list stands for {_members.Count} addresses, with those of the lists in it; {MailingLists.MostMembers} are the most");

    // Each list is gone through once, however many ways lead to it: how high it stands is then known.
    private string? Walk(MailingList list)
    {
        if (_way.Exists(each => ReferenceEquals(each, list)))
            return ReferenceEquals(_way[0], list) ? $"the list is within itself: {Way(list)}; take one of them out" : null;
        if (_way.Count + _heights.GetValueOrDefault(list, 1) > MailingLists.MostDepth)
            return $"lists lie more than {MailingLists.MostDepth} deep in each other: {Way(list)}; write members in place of one";
        if (_heights.ContainsKey(list))
            return null;

        _way.Add(list);
        var height = 1;
        foreach (var member in list.Members)
        {
            if (lists.Find(member) is not { } inner)
                _members.Add(member);
            else if (Walk(inner) is { } fault)
                return fault;
            else
                height = Math.Max(height, 1 + _heights.GetValueOrDefault(inner));
        }

        _way.RemoveAt(_way.Count - 1);
        _heights[list] = height;
        return null;
    }

    private string Way(MailingList last) => string.Join(" > ", _way.Append(last).Select(list => list.Address));
}

using System.Collections.Immutable;
using Pillarbox.Protocol.Commands;
using Pillarbox.Protocol.Grammar;
using Pillarbox.Queue.Lists;

namespace Pillarbox.Queue.Tests;

/// <summary>What a message's recipients become (RFC 5321 §3.9, RFC 3461 §5.2.7).</summary>
public sealed class MailingListsTests
{
    private static readonly Mailbox Boss = Mailbox.Parse("boss@example.org");

    [Fact]
    public void Recipients_without_a_list_among_them_stay_the_same_array()
    {
        ImmutableArray<Recipient> recipients = [Mailbox.Parse("ann@example.org"), Mailbox.Parse("bob@example.org")];

        Assert.True(recipients == new MailingLists([List("team@example.org", "ann@example.org")]).Expand(recipients, fromNobody: false));
        Assert.True(recipients == MailingLists.None.Expand(recipients, fromNobody: false));
    }

    [Fact]
    public void Address_is_found_in_either_case_quoted_and_in_either_form_of_its_domain()
    {
        var lists = new MailingLists([List("team@xn--exmple-cua.org", "ann@example.org")]);

        Assert.All(
            ["team@xn--exmple-cua.org", "Team@XN--EXMPLE-CUA.org", "\"team\"@xn--exmple-cua.org", "team@exämple.org", "\"te\\am\"@EXÄMPLE.org",
                "team@exämple\u3002org", "team@xn--exmple-cua\u3002org"],
            address => Assert.NotNull(lists.Find(Mailbox.Parse(address))));
        Assert.NotNull(new MailingLists([List("team@exämple.org", "ann@example.org")]).Find(Mailbox.Parse("team@XN--exmple-cua.org")));
        Assert.Null(lists.Find(Mailbox.Parse("team@example.org")));
        Assert.Null(lists.Find(Mailbox.Parse("team@\u2FF0.org")));
        Assert.Null(lists.Find(Mailbox.Parse("postmaster")));
    }

    [Fact]
    public void Each_member_comes_once_through_lists_in_lists()
    {
        var lists = new MailingLists(
        [
            List("all@example.org", "ann@example.org", "team@example.org", "staff@example.org", "bob@example.org"),
            List("team@example.org", "bob@example.org", "staff@example.org", "eve@example.net"),
            List("staff@example.org", "Ann@example.org", "ann@EXAMPLE.org", "joe@example.org"),
        ]);

        var expanded = lists.Expand([Mailbox.Parse("joe@example.org"), Mailbox.Parse("all@example.org")], fromNobody: false);

        Assert.Equal(["joe@example.org", "ann@example.org", "bob@example.org", "Ann@example.org", "eve@example.net"], expanded.Select(each => each.Text));
    }

    [Fact]
    public void Lists_within_each_other_come_to_an_end()
    {
        var lists = new MailingLists(
        [
            List("one@example.org", "two@example.org", "ann@example.org"),
            List("two@example.org", "one@example.org", "bob@example.org"),
            .. Enumerable.Range(0, 50).Select(i => List($"deep{i}@example.org", $"deep{i + 1}@example.org", $"m{i}@example.org")),
        ]);

        Assert.Equal(["bob@example.org", "ann@example.org"], lists.Expand([Mailbox.Parse("one@example.org")], false).Select(each => each.Text));
        Assert.Equal(MailingLists.MostDepth, lists.Expand([Mailbox.Parse("deep0@example.org")], false).Length);
    }

    [Theory]
    [InlineData(NotifyOn.Unsaid, NotifyOn.Unsaid, false)]
    [InlineData(NotifyOn.Never, NotifyOn.Never, false)]
    [InlineData(NotifyOn.Success, NotifyOn.Never, true)]
    [InlineData(NotifyOn.Success | NotifyOn.Delay, NotifyOn.Delay, true)]
    [InlineData(NotifyOn.Failure, NotifyOn.Failure, false)]
    public void Alias_of_several_hands_on_all_but_success_which_is_told_as_expanded(NotifyOn asked, NotifyOn handed, bool told)
    {
        var lists = new MailingLists([List("team@example.org", "ann@example.org", "bob+x@example.org")]);

        var expanded = lists.Expand([new Recipient(Mailbox.Parse("team@example.org"), asked)], fromNobody: false);

        Assert.Equal(told ? 1 : 0, expanded.Count(each => each is { Expansion: Expansion.Alias, Text: "team@example.org", Notify: NotifyOn.Success }));
        Assert.All(expanded.Where(each => each.Expansion == Expansion.None), each =>
        {
            Assert.Equal((handed, "rfc822;team@example.org", null), (each.Notify, each.Original?.ToString(), each.Sender));
            Assert.NotEqual("team@example.org", each.Text);
        });
        Assert.Equal(2, expanded.Count(each => each.Expansion == Expansion.None));
    }

    [Fact]
    public void Alias_of_one_hands_on_all()
    {
        var asked = new Recipient(Mailbox.Parse("one@example.org"), NotifyOn.Success | NotifyOn.Failure, new OriginalRecipient("rfc822", "old@example.net"));

        var expanded = new MailingLists([List("one@example.org", "ann@example.org")]).Expand([asked], fromNobody: false);

        Assert.Equal([asked with { Address = Mailbox.Parse("ann@example.org") }], expanded);
    }

    [Fact]
    public void List_has_its_owner_as_the_sender_and_nothing_that_was_asked()
    {
        var lists = new MailingLists(
        [
            List("news@example.org", "ann@example.org", "team@example.org") with { Owner = Boss },
            List("team@example.org", "bob@example.org", "eve@example.org"),
        ]);

        var expanded = lists.Expand([new Recipient(Mailbox.Parse("news@example.org"), NotifyOn.Success, new OriginalRecipient("rfc822", "old@example.net"))], fromNobody: false);

        Assert.Equal(Expansion.List, expanded[0].Expansion);
        Assert.Null(expanded[0].Sender);
        Assert.Equal(["ann@example.org", "bob@example.org", "eve@example.org"], expanded[1..].Select(each => each.Text));
        Assert.All(expanded[1..], each => Assert.Equal((Boss, NotifyOn.Unsaid), (each.Sender, each.Notify)));
        Assert.Equal([null, "rfc822;team@example.org", "rfc822;team@example.org"], expanded[1..].Select(each => each.Original?.ToString()));
    }

    [Fact]
    public void Sender_of_a_member_of_several_lists_does_not_depend_on_the_order_in_which_they_were_named()
    {
        var lists = new MailingLists(
        [
            List("news@example.org", "ann@example.org", "bob@example.org") with { Owner = Boss },
            List("team@example.org", "ann@example.org"),
            List("all@example.org", "news@example.org", "team@example.org"),
        ]);
        Recipient[] named = [Mailbox.Parse("news@example.org"), Mailbox.Parse("team@example.org"), Mailbox.Parse("all@example.org")];

        var expanded = lists.Expand([.. named], fromNobody: false);

        Assert.Equal([("ann@example.org", null), ("bob@example.org", Boss)], expanded.Select(each => (each.Text, each.Sender)));
        Assert.Equal(expanded.Select(each => (each.Text, each.Sender)), lists.Expand([.. named.Reverse()], false).Select(each => (each.Text, each.Sender)));
    }

    [Theory]
    [InlineData("ann@example.org", "team@example.org")]
    [InlineData("team@example.org", "ann@example.org")]
    [InlineData("team@example.org", "crew@example.org")]
    [InlineData("crew@example.org", "team@example.org")]
    public void Member_who_comes_in_two_ways_has_all_that_was_asked(string quiet, string asking)
    {
        var lists = new MailingLists([List("team@example.org", "ann@example.org", "bob@example.org"), List("crew@example.org", "team@example.org")]);

        var expanded = lists.Expand([new Recipient(Mailbox.Parse(quiet), NotifyOn.Never), new Recipient(Mailbox.Parse(asking), NotifyOn.Failure)], fromNobody: false);

        Assert.Equal(NotifyOn.Failure, Assert.Single(expanded, each => each.Text == "ann@example.org").Notify);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Alias_that_was_named_and_is_in_another_is_told_as_expanded_once(bool turned)
    {
        var lists = new MailingLists([List("team@example.org", "ann@example.org", "bob@example.org"), List("all@example.org", "team@example.org", "eve@example.org")]);
        Recipient[] named = [new(Mailbox.Parse("all@example.org")), new(Mailbox.Parse("team@example.org"), NotifyOn.Success | NotifyOn.Failure)];

        var expanded = lists.Expand(turned ? [.. named.Reverse()] : [.. named], fromNobody: false);

        Assert.Equal("team@example.org", Assert.Single(expanded, each => each.Expansion == Expansion.Alias).Text);
        Assert.Equal(4, expanded.Length);
    }

    [Fact]
    public void Size_of_a_list_is_all_whom_it_brings_into_an_envelope()
    {
        var lists = new MailingLists(
        [
            List("all@example.org", "ann@example.org", "team@example.org"),
            List("team@example.org", "ann@example.org", "bob@example.org", "eve@example.org"),
            List("circle@example.org", "circle@example.org", "ann@example.org"),
        ]);

        string[] asked = ["all@example.org", "Team@example.org", "circle@example.org", "ann@example.org"];
        Assert.Equal([3, 3, 1, 1], asked.Select(each => lists.SizeOf(Mailbox.Parse(each))));
    }

    [Fact]
    public void Report_keeps_its_null_sender_through_a_list()
    {
        var lists = new MailingLists([List("news@example.org", "ann@example.org", "bob@example.org") with { Owner = Boss }]);

        var expanded = lists.Expand([new Recipient(Mailbox.Parse("news@example.org"), NotifyOn.Success)], fromNobody: true);

        Assert.Equal(["ann@example.org", "bob@example.org"], expanded.Select(each => each.Text));
        Assert.All(expanded, each => Assert.Null(each.Sender));
    }

    [Fact]
    public void Message_goes_to_a_lists_members_in_its_owners_name_without_what_the_sender_asked_of_reports()
    {
        var asked = new SenderRequests
        {
            EnvelopeId = "QQ",
            Return = ReturnContent.Full,
            DeliverBy = new DeliverBy(DateTimeOffset.UnixEpoch, DeliverByMode.Notify, true),
            Priority = 2,
            RequireTls = true,
        };
        var envelope = new Envelope
        {
            Id = new QueueId(1),
            Sender = Mailbox.Parse("ann@example.net"),
            Recipients = [Mailbox.Parse("bob@example.org"), new Recipient(Mailbox.Parse("eve@example.org")) { Sender = Boss }],
            Accepted = DateTimeOffset.UnixEpoch,
            BodySize = 1,
            Requests = asked,
        };

        Assert.Same(envelope, envelope.To(0));
        Assert.Equal(envelope with { Sender = Boss, Requests = new SenderRequests { Priority = 2, RequireTls = true } }, envelope.To(1));
    }

    private static MailingList List(string address, params string[] members) => new(Mailbox.Parse(address), [.. members.Select(Mailbox.Parse)]);
}

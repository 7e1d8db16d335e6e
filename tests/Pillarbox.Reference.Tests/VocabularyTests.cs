namespace Pillarbox.Reference.Tests;

public sealed class VocabularyTests
{
    [Fact]
    public void Name_is_that_of_the_enumeration_in_camel_case()
    {
        Assert.All(Enum.GetValues<ReplyClass>(), value => Assert.Equal(Camel($"{value}"), value.ToName()));
        Assert.All(Enum.GetValues<RetryAdvice>(), value => Assert.Equal(Camel($"{value}"), value.ToName()));
        Assert.All(Enum.GetValues<ReplyActor>(), value => Assert.Equal(Camel($"{value}"), value.ToName()));
        Assert.All(Enum.GetValues<ReplyStanding>(), value => Assert.Equal(Camel($"{value}"), value.ToName()));
        Assert.All(Enum.GetValues<ReplyReason>(), value => Assert.Equal(Camel($"{value}"), value.ToName()));
    }

    private static string Camel(string name) => char.ToLowerInvariant(name[0]) + name[1..];
}

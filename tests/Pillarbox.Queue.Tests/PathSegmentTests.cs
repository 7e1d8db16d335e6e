namespace Pillarbox.Queue.Tests;

public sealed class PathSegmentTests
{
    [Theory]
    [InlineData("bob")]
    [InlineData("bob.lee+tag")]
    [InlineData("jürgen")]
    [InlineData("a b")]
    [InlineData("-rf")]
    public void Plain_segment_is_safe(string segment) => Assert.True(PathSegment.IsSafe(segment));

    [Theory]
    [InlineData("")]
    [InlineData(".")]
    [InlineData("..")]
    [InlineData(".ssh")]
    [InlineData("a/b")]
    [InlineData("../x")]
    [InlineData("a\\b")]
    [InlineData("a\0b")]
    [InlineData("a\nb")]
    [InlineData("a\u0085b")]
    public void Segment_that_could_leave_its_directory_or_deceive_is_not(string segment) => Assert.False(PathSegment.IsSafe(segment));

    [Fact]
    public void Segment_is_as_long_as_a_file_name_may_be()
    {
        Assert.True(PathSegment.IsSafe(new string('a', 255)));
        Assert.False(PathSegment.IsSafe(new string('a', 256)));
        Assert.False(PathSegment.IsSafe(new string('ü', 128)));
    }
}

using Pillarbox.Trust.Accounts;

namespace Pillarbox.Trust.Tests.Accounts;

public sealed class PasswordVerifierTests
{
    [Theory]
    [InlineData("secret")]
    [InlineData("pässwörd ✓")]
    [InlineData("")]
    public void Password_is_verified_and_another_is_not(string password)
    {
        var verifier = PasswordVerifier.Create(password);

        Assert.True(verifier.Verify(password));
        Assert.False(verifier.Verify(password + "x"));
    }

    [Fact]
    public void Verifier_survives_being_written()
    {
        var written = PasswordVerifier.Create("secret").ToString();

        Assert.Matches(@"^\$argon2id\$v=19\$m=\d+,t=\d+,p=1\$[A-Za-z0-9+/]{22}\$[A-Za-z0-9+/]{43}$", written);
        Assert.True(PasswordVerifier.TryParse(written, out var read));
        Assert.Equal(written, read.ToString());
        Assert.True(read.Verify("secret"));
    }

    // Made with argon2(1) of the reference implementation: printf password | argon2 somesaltsomesalt -id -t 2 -k 256 -p 1 -l 24 -e.
    [Fact]
    public void Verifier_of_the_reference_implementation_is_understood()
    {
        Assert.True(PasswordVerifier.TryParse("$argon2id$v=19$m=256,t=2,p=1$c29tZXNhbHRzb21lc2FsdA$kuZ4yQ1f1YHT7Hs+JQREVrKwb7wMS/NW", out var verifier));

        Assert.True(verifier.Verify("password"));
        Assert.False(verifier.Verify("Password"));
    }

    [Fact]
    public void Same_password_gets_another_salt_each_time() =>
        Assert.NotEqual(PasswordVerifier.Create("secret").ToString(), PasswordVerifier.Create("secret").ToString());

    [Fact]
    public void Nobody_is_matched_by_no_password() => Assert.False(PasswordVerifier.Nobody().Verify(""));

    [Theory]
    [InlineData("")]
    [InlineData("secret")]
    [InlineData("$argon2i$v=19$m=256,t=2,p=1$c29tZXNhbHRzb21lc2FsdA$kuZ4yQ1f1YHT7Hs+JQREVrKwb7wMS/NW")]
    [InlineData("$argon2id$v=16$m=256,t=2,p=1$c29tZXNhbHRzb21lc2FsdA$kuZ4yQ1f1YHT7Hs+JQREVrKwb7wMS/NW")]
    [InlineData("$argon2id$v=19$m=256,t=2,p=4$c29tZXNhbHRzb21lc2FsdA$kuZ4yQ1f1YHT7Hs+JQREVrKwb7wMS/NW")]
    [InlineData("$argon2id$v=19$m=99999999,t=2,p=1$c29tZXNhbHRzb21lc2FsdA$kuZ4yQ1f1YHT7Hs+JQREVrKwb7wMS/NW")]
    [InlineData("$argon2id$v=19$m=256,t=0,p=1$c29tZXNhbHRzb21lc2FsdA$kuZ4yQ1f1YHT7Hs+JQREVrKwb7wMS/NW")]
    [InlineData("$argon2id$v=19$m=256,t=2,p=1$c2hvcnQ$kuZ4yQ1f1YHT7Hs+JQREVrKwb7wMS/NW")]
    [InlineData("$argon2id$v=19$m=256,t=2,p=1$c29tZXNhbHRzb21lc2FsdA$!!!!")]
    [InlineData("$argon2id$v=19$m=256,t=2,p=1$c29tZXNhbHRzb21lc2FsdA")]
    public void What_is_no_verifier_is_refused(string text) => Assert.False(PasswordVerifier.TryParse(text, out _));
}

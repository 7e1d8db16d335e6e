using System.Formats.Asn1;
using Pillarbox.Trust.Accounts.Ldap;

namespace Pillarbox.Trust.Tests.Accounts.Ldap;

public sealed class LdapTextTests
{
    // RFC 4514 §2.4 and §4.
    [Theory]
    [InlineData("James \"Jim\" Smith, III", "James \\\"Jim\\\" Smith\\, III")]
    [InlineData("Before\0After", "Before\\00After")]
    [InlineData("#04024869", "\\#04024869")]
    [InlineData(" both ", "\\ both\\ ")]
    [InlineData("a+b=c<d>e;f\\g", "a\\+b\\=c\\<d\\>e\\;f\\\\g")]
    [InlineData("Lučić", "Lučić")]
    public void Value_in_a_DN_stays_a_value(string value, string written) => Assert.Equal(written, LdapText.InDn(value));

    // RFC 4515 §3 and §4.
    [Theory]
    [InlineData("Parens R Us (for all your parenthetical needs)", "Parens R Us \\28for all your parenthetical needs\\29")]
    [InlineData("*", "\\2a")]
    [InlineData("C:\\MyFile", "C:\\5cMyFile")]
    [InlineData("\0\0\0\u0004", "\\00\\00\\00\u0004")]
    public void Value_in_a_filter_stays_a_value(string value, string written) => Assert.Equal(written, LdapText.InFilter(value));

    // The examples of RFC 4515 §4, and the octets that RFC 4511 §4.5.1.7 has for each.
    [Theory]
    [InlineData("(cn=Babs Jensen)", "A3110402636E040B42616273204A656E73656E")]
    [InlineData("(!(cn=Tim Howes))", "A211A30F0402636E040954696D20486F776573")]
    [InlineData("(&(objectClass=Person)(|(sn=Jensen)(cn=Babs J*)))", "A037A315040B6F626A656374436C6173730406506572736F6EA11EA30C0402736E04064A656E73656EA40E0402636E3008800642616273204A")]
    [InlineData("(o=univ*of*mich*)", "A41504016F30108004756E697681026F6681046D696368")]
    [InlineData("(seeAlso=)", "A30B0407736565416C736F0400")]
    [InlineData("(cn:caseExactMatch:=Fred Flintstone)", "A925810E6361736545786163744D617463688202636E830F4672656420466C696E7473746F6E65")]
    [InlineData("(sn:dn:2.4.6.8.10:=Barney Rubble)", "A922810A322E342E362E382E31308202736E830D4261726E657920527562626C658401FF")]
    [InlineData("(cn=*\\2A*)", "A4090402636E300381012A")]
    [InlineData("(bin=\\00\\00\\00\\04)", "A30B040362696E040400000004")]
    [InlineData("(uid=*)", "8703756964")]
    [InlineData("(age>=21)", "A509040361676504023231")]
    [InlineData("(age<=21)", "A609040361676504023231")]
    [InlineData("(cn~=x)", "A8070402636E040178")]
    [InlineData("(&)", "A000")]
    public void Filter_is_written_as_the_protocol_has_it(string filter, string octets)
    {
        var writer = new AsnWriter(AsnEncodingRules.BER);

        LdapFilter.Write(filter, writer);

        Assert.Equal(octets, Convert.ToHexString(writer.Encode()));
    }

    [Theory]
    [InlineData("")]
    [InlineData("uid=ann")]
    [InlineData("(uid=ann")]
    [InlineData("(uid=ann))")]
    [InlineData("(uid=ann)(cn=ann)")]
    [InlineData("(uid)")]
    [InlineData("(=ann)")]
    [InlineData("(~=ann)")]
    [InlineData("(uid=(ann))")]
    [InlineData("(uid=\\2)")]
    [InlineData("(uid=\\zz)")]
    [InlineData("(&(uid=a)b)")]
    [InlineData("(!)")]
    [InlineData("(u id=a)")]
    public void Text_that_is_no_filter_is_refused(string text) => Assert.False(LdapAccountSource.IsFilter(text));

    [Fact]
    public void Filter_that_is_too_deep_is_refused() =>
        Assert.False(LdapAccountSource.IsFilter(string.Concat(Enumerable.Repeat("(!", 1000)) + "(a=b)" + new string(')', 1000)));

    [Theory]
    [InlineData("ldap://ldap.example.org", "ldap://ldap.example.org:389")]
    [InlineData("ldaps://ldap.example.org/", "ldaps://ldap.example.org:636")]
    [InlineData("ldap://[::1]:1389", "ldap://[::1]:1389")]
    [InlineData("ldap://127.0.0.1:1389", "ldap://127.0.0.1:1389")]
    [InlineData("https://ldap.example.org", null)]
    [InlineData("ldap.example.org", null)]
    [InlineData("ldap://", null)]
    [InlineData("ldap://user:pass@host", null)]
    [InlineData("ldap://host/dc=example", null)]
    [InlineData("ldap://host?x", null)]
    public void Server_is_read(string text, string? server) => Assert.Equal(server, LdapServer.Parse(text)?.ToString());
}

using System.Text;

namespace Pillarbox.Trust.Accounts.Ldap;

/// <summary>Names put where a DN or a filter has a place for them, so that they stay names.</summary>
internal static class LdapText
{
    /// <summary>A value in a DN (RFC 4514 §2.4).</summary>
    public static string InDn(string value)
    {
        var text = new StringBuilder(value.Length);
        for (var i = 0; i < value.Length; i++)
        {
            var each = value[i];
            if (each == '\0')
                text.Append("\\00");
            else if (each is '"' or '+' or ',' or ';' or '<' or '>' or '\\' or '=' || (i == 0 && each is ' ' or '#') || (i == value.Length - 1 && each == ' '))
                text.Append('\\').Append(each);
            else
                text.Append(each);
        }

        return text.ToString();
    }

    /// <summary>A value in a filter (RFC 4515 §3).</summary>
    public static string InFilter(string value)
    {
        var text = new StringBuilder(value.Length);
        foreach (var each in value)
        {
            _ = each switch
            {
                '*' => text.Append("\\2a"),
                '(' => text.Append("\\28"),
                ')' => text.Append("\\29"),
                '\\' => text.Append("\\5c"),
                '\0' => text.Append("\\00"),
                _ => text.Append(each),
            };
        }

        return text.ToString();
    }
}

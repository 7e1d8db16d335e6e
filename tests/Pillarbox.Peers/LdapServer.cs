namespace Pillarbox.Peers;

/// <summary>OpenLDAP's server with one suffix, <c>dc=example,dc=org</c>, on loopback: in clear with StartTLS, and under TLS.</summary>
public sealed class LdapServer : IAsyncDisposable
{
    private readonly TempDirectory _directory;
    private ChildProcess? _process;

    private LdapServer(TempDirectory directory)
    {
        _directory = directory;
        Certificate = TestCertificate.Create(directory, "localhost");
        ServicePassword = Guid.NewGuid().ToString("N");
        ServicePasswordFile = directory.Write("service-password", ServicePassword + "\n");
    }

    /// <summary>Where LDAP is spoken in clear, on 127.0.0.1.</summary>
    public int Port { get; } = FreePort.Take();

    /// <summary>Where it is spoken under TLS.</summary>
    public int TlsPort { get; } = FreePort.Take();

    /// <summary>The certificate, which is its own authority.</summary>
    public TestCertificate Certificate { get; }

    /// <summary>Who may search.</summary>
    public string ServiceDn => "cn=service,dc=example,dc=org";

    /// <summary>The password of <see cref="ServiceDn"/>.</summary>
    public string ServicePassword { get; }

    /// <summary>A file with it.</summary>
    public string ServicePasswordFile { get; }

    /// <summary>
    /// Starts one with people below <c>ou=people</c>, all with one password: <c>ann</c> with two addresses, <c>bob</c> with none, <c>twin</c> twice,
    /// <c>o'brien, (the * one)</c>, <c>reset</c> whose password must change, <c>expired</c>, <c>locked</c>; and <c>empty</c>, who has no password.
    /// </summary>
    public static async Task<LdapServer> StartAsync(string password)
    {
        var server = new LdapServer(new TempDirectory("ldap"));
        try
        {
            await server.FillAsync(password);
            await server.StartAgainAsync();
            return server;
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }
    }

    /// <summary>Sends the server a signal.</summary>
    public void Send(Signal signal) => (_process ?? throw new InvalidOperationException("It does not run.")).Send(signal);

    /// <summary>Stops it.</summary>
    public async Task StopAsync()
    {
        await (_process ?? throw new InvalidOperationException("It does not run.")).DisposeAsync();
        _process = null;
    }

    /// <summary>Starts it with what it had.</summary>
    public async Task StartAgainAsync()
    {
        _process = ChildProcess.Start(
            Command.Find("slapd"), ["-d", "stats", "-f", _directory["slapd.conf"], "-h", $"ldap://127.0.0.1:{Port} ldaps://127.0.0.1:{TlsPort}"]);
        await Readiness.UntilListensAsync(new System.Net.IPEndPoint(System.Net.IPAddress.Loopback, TlsPort), _process);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (_process is not null)
            await StopAsync();
        _directory.Dispose();
    }

    private async Task FillAsync(string password)
    {
        Directory.CreateDirectory(_directory["data"]);
        var configuration = _directory.Write("slapd.conf", $$"""
            include /etc/ldap/schema/core.schema
            include /etc/ldap/schema/cosine.schema
            include /etc/ldap/schema/inetorgperson.schema
            modulepath /usr/lib/ldap
            moduleload back_mdb
            moduleload ppolicy
            pidfile {{_directory["slapd.pid"]}}
            argsfile {{_directory["slapd.args"]}}
            TLSCertificateFile {{Certificate.CertificateFile}}
            TLSCertificateKeyFile {{Certificate.KeyFile}}
            database mdb
            suffix "dc=example,dc=org"
            rootdn "cn=admin,dc=example,dc=org"
            directory {{_directory["data"]}}
            dbnosync
            access to attrs=userPassword by anonymous auth by * none
            access to * by dn.base="{{ServiceDn}}" read by self read by * auth
            overlay ppolicy
            ppolicy_default "cn=policy,dc=example,dc=org"
            ppolicy_use_lockout
            """);
        var people = _directory.Write("people.ldif", $$"""
            dn: dc=example,dc=org
            objectClass: dcObject
            objectClass: organization
            o: Example
            dc: example

            dn: cn=policy,dc=example,dc=org
            objectClass: pwdPolicy
            objectClass: device
            cn: policy
            pwdAttribute: userPassword
            pwdMustChange: TRUE
            pwdLockout: TRUE
            pwdMaxAge: 86400000

            dn: {{ServiceDn}}
            objectClass: simpleSecurityObject
            objectClass: organizationalRole
            cn: service
            userPassword: {{ServicePassword}}

            dn: ou=people,dc=example,dc=org
            objectClass: organizationalUnit
            ou: people

            dn: ou=more,dc=example,dc=org
            objectClass: organizationalUnit
            ou: more

            {{Person("ann", "people", $"userPassword: {password}\nmail: ann@example.org\nmail: @example.net")}}
            {{Person("bob", "people", $"userPassword: {password}")}}
            {{Person("twin", "people", $"userPassword: {password}")}}
            {{Person("twin", "more", $"userPassword: {password}")}}
            {{Person("o'brien, (the * one)", "people", $"userPassword: {password}")}}
            {{Person("reset", "people", $"userPassword: {password}\npwdReset: TRUE")}}
            {{Person("expired", "people", $"userPassword: {password}\npwdChangedTime: 20000101000000Z")}}
            {{Person("locked", "people", $"userPassword: {password}\npwdAccountLockedTime: 000001010000Z")}}
            {{Person("empty", "people", "mail: empty@example.org")}}
            """);
        (await Command.RunAsync(Command.Find("slapadd"), ["-q", "-f", configuration, "-l", people])).Checked();
    }

    private static string Person(string uid, string unit, string attributes) =>
        $"dn: uid={uid.Replace(",", "\\,", StringComparison.Ordinal)},ou={unit},dc=example,dc=org\nobjectClass: inetOrgPerson\nuid: {uid}\ncn: {uid}\nsn: {uid}\n{attributes}\n";
}

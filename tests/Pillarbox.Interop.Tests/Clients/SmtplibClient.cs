namespace Pillarbox.Interop.Tests.Clients;

internal sealed class SmtplibClient : MailClient
{
    private const string _script = """
        import base64, smtplib, ssl, sys
        port, mechanism, user, password, sender, recipient = sys.argv[1:]
        message = sys.stdin.buffer.read()
        context = ssl.create_default_context()
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
        server = smtplib.SMTP("127.0.0.1", int(port), timeout=60)
        server.set_debuglevel(1)
        server.ehlo()
        server.starttls(context=context)
        server.ehlo()
        server.user, server.password = user, password
        if mechanism in ("OAUTHBEARER", "XOAUTH2"):
            # It has none of its own; programs write theirs. The dummy answer to the challenge that says why not is the mechanism's.
            first, dummy = (f"n,a={user},\1", "\1") if mechanism == "OAUTHBEARER" else (f"user={user}\1", "")
            server.auth(mechanism, lambda challenge=None: f"{first}auth=Bearer {password}\1\1" if challenge is None else dummy)
        elif (user + password).isascii():
            server.auth(mechanism, getattr(server, "auth_" + mechanism.lower().replace("-", "_")))
        else:
            # Its own login stumbles over anything else; programs write their own.
            code, text = server.docmd("AUTH", "PLAIN " + base64.b64encode(("\0" + user + "\0" + password).encode()).decode())
            if code != 235:
                raise smtplib.SMTPAuthenticationError(code, text)
        server.sendmail(sender, [recipient], message, mail_options=["BODY=8BITMIME"] + ([] if (sender + recipient).isascii() else ["SMTPUTF8"]))
        server.quit()
        """;

    public override Task<ClientSession> SendAsync(ClientTask task) => RunAsync(
        "python3", ["-c", _script, $"{task.Port}", task.Mechanism, task.User, task.Password, task.From, task.To], task.Message);
}

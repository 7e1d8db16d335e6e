using System.Runtime.CompilerServices;

namespace Pillarbox.Interop.Tests.Clients;

internal sealed class NodemailerClient : MailClient
{
    private const string _script = """
        const [modules, port, authMethod, user, pass, from, to] = process.argv.slice(1);
        const transport = require(modules + '/nodemailer').createTransport({
          host: '127.0.0.1', port: Number(port), secure: false, requireTLS: true, tls: { rejectUnauthorized: false },
          auth: authMethod === 'XOAUTH2' ? { type: 'OAuth2', user, accessToken: pass } : { user, pass }, authMethod, logger: true, debug: true,
        });
        const chunks = [];
        process.stdin.on('data', chunk => chunks.push(chunk)).on('end', () =>
          transport.sendMail({ envelope: { from, to }, raw: Buffer.concat(chunks) }).then(
            sent => { console.log(sent.response); transport.close(); },
            fault => { console.log(fault.message); process.exit(1); }));
        """;

    private const string _dsnScript = """
        const [modules, port, from, to, id, recipient] = process.argv.slice(1);
        const transport = require(modules + '/nodemailer').createTransport({ host: '127.0.0.1', port: Number(port), secure: false, ignoreTLS: true, logger: true, debug: true });
        const chunks = [];
        process.stdin.on('data', chunk => chunks.push(chunk)).on('end', () =>
          transport.sendMail({ envelope: { from, to }, raw: Buffer.concat(chunks), dsn: { id, return: 'headers', notify: ['success'], recipient } }).then(
            sent => { console.log(sent.response); transport.close(); },
            fault => { console.log(fault.message); process.exit(1); }));
        """;

    // Where eng/packages.sh puts what npm has.
    private static readonly string _modules =
        Path.GetFullPath(Path.Combine(Path.GetDirectoryName(ThisFile())!, "..", "..", "..", "artifacts", "npm", "node_modules"));

    public override bool SaysQuit => false;

    public override Task<ClientSession> SendAsync(ClientTask task) => RunAsync(
        "node", ["-e", _script, _modules, $"{task.Port}", task.Mechanism, task.User, task.Password, task.From, task.To], task.Message);

    /// <summary>Sends a message, in clear, and asks for a report of its delivery (RFC 3461).</summary>
    public static Task<ClientSession> SendWithDsnAsync(int port, byte[] message, string from, string to, string envelopeId, string original) =>
        RunAsync("node", ["-e", _dsnScript, _modules, $"{port}", from, to, envelopeId, original], message);

    private static string ThisFile([CallerFilePath] string path = "") => path;
}

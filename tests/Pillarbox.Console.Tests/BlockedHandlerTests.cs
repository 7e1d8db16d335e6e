using System.Net.Sockets;
using System.Runtime.CompilerServices;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace Pillarbox.WebConsole.Tests;

/// <summary>Takes the thread pool away from everybody: runs alone.</summary>
[CollectionDefinition(nameof(BlockedHandlerTests), DisableParallelization = true)]
public sealed class BlockedHandlerCollection;

/// <summary>HTTP handlers that block every thread they can get do not delay an SMTP reply.</summary>
[Collection(nameof(BlockedHandlerTests))]
public sealed class BlockedHandlerTests
{
    // The pool cannot be made smaller than the number of processors.
    private static readonly int Threads = Math.Max(8, Environment.ProcessorCount);
    private static readonly int Requests = Threads * 3;

    // As the program does: completions run on the threads that see them. Read by the runtime with the first socket.
    [ModuleInitializer]
    internal static void CompleteInline() => Environment.SetEnvironmentVariable("DOTNET_SYSTEM_NET_SOCKETS_INLINE_COMPLETIONS", "1");

    [Fact]
    public async Task Session_goes_on_to_its_promise_while_all_threads_of_the_pool_are_blocked_by_requests()
    {
        using var gate = new ManualResetEventSlim();
        var blocked = 0;
        ThreadPool.GetMaxThreads(out var workers, out var ports);
        await using var host = await TestHost.StartAsync(app: app => app.MapGet("/block", (HttpContext _) =>
        {
            Interlocked.Increment(ref blocked);
            gate.Wait(TimeSpan.FromMinutes(5));
        }));
        var done = new TaskCompletionSource<Exception?>(TaskCreationOptions.RunContinuationsAsynchronously);

        // The test needs the pool as little as the server may: it runs on a thread of its own, with sockets that block.
        var thread = new Thread(() =>
        {
            Exception? failure = null;
            List<TcpClient> requests = [];
            List<TcpClient> sessions = [];
            try
            {
                sessions.AddRange(Enumerable.Range(0, 3).Select(_ => Converse(host, "220")));
                Assert.True(ThreadPool.SetMaxThreads(Threads, ports));
                for (var i = 0; i < Requests; i++)
                    requests.Add(Ask(host));
                Assert.True(SpinWait.SpinUntil(PoolIsBlocked, TimeSpan.FromMinutes(1)), "the pool is not blocked");
                Assert.True(Volatile.Read(ref blocked) > 0);

                // One is enough: a session that begins to wait in the very moment in which its message is durable is handed to the pool.
                Assert.Contains(sessions, TryDeliver);
                Assert.False(gate.IsSet);
                Assert.All(requests, request => Assert.Equal(0, request.Available));
            }
            catch (Exception e)
            {
                failure = e;
            }
            finally
            {
                gate.Set();
                ThreadPool.SetMaxThreads(workers, ports);
                requests.ForEach(request => request.Dispose());
                sessions.ForEach(session => session.Dispose());
                done.SetResult(failure);
            }
        });
        thread.Start();

        Assert.Null(await done.Task);
    }

    // Not by counting threads: whatever else of the process sits on one of the pool's counts too.
    private static bool PoolIsBlocked()
    {
        using var ran = new ManualResetEventSlim();
        var probe = ran;
        ThreadPool.UnsafeQueueUserWorkItem(
            _ =>
            {
                try
                {
                    probe.Set();
                }
                catch (ObjectDisposedException)
                {
                    // It ran at last, when nobody waited any more.
                }
            },
            null);
        return !ran.Wait(TimeSpan.FromSeconds(2));
    }

    private static TcpClient Ask(TestHost host)
    {
        var client = new TcpClient();
        client.Connect(host.Console);
        client.GetStream().Write("GET /block HTTP/1.1\r\nHost: localhost\r\n\r\n"u8);
        return client;
    }

    private static TcpClient Converse(TestHost host, string greeting)
    {
        var client = new TcpClient { ReceiveTimeout = 20_000 };
        client.Connect(host.Smtp("capture"));
        Expect(client, greeting);
        return client;
    }

    private static bool TryDeliver(TcpClient session)
    {
        try
        {
            Deliver(session);
            return true;
        }
        catch (IOException late) when (late.InnerException is SocketException { SocketErrorCode: SocketError.TimedOut or SocketError.WouldBlock })
        {
            return false;
        }
    }

    private static void Deliver(TcpClient session)
    {
        foreach (var (line, expected) in new[]
        {
            ("EHLO client.example.com", "250"), ("MAIL FROM:<ann@example.org>", "250"), ("RCPT TO:<bob@example.net>", "250"),
            ("DATA", "354"), ("Subject: through\r\n\r\n.", "250 2.0.0"), ("QUIT", "221"),
        })
        {
            session.GetStream().Write(Encoding.ASCII.GetBytes(line + "\r\n"));
            Expect(session, expected);
        }
    }

    private static void Expect(TcpClient session, string expected)
    {
        var line = new StringBuilder();
        while (true)
        {
            var next = session.GetStream().ReadByte();
            if (next < 0)
                throw new IOException("the server hung up");
            if (next != '\n')
            {
                line.Append((char)next);
                continue;
            }

            if (line is { Length: > 3 } && line[3] == '-')
            {
                line.Clear();
                continue;
            }

            Assert.StartsWith(expected, line.ToString(), StringComparison.Ordinal);
            return;
        }
    }
}

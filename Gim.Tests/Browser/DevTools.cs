using System.Collections.Concurrent;
using System.Net.WebSockets;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Gim.Tests.Browser;

/// <summary>A page of a browser, driven over the DevTools protocol.</summary>
internal sealed class DevTools : IAsyncDisposable
{
    // Many times what any step takes; a hanging browser must not hang the tests.
    private static readonly TimeSpan TimeOut = TimeSpan.FromSeconds(60);

    private readonly ClientWebSocket socket = new();
    private readonly ConcurrentDictionary<int, TaskCompletionSource<JsonObject>> waiting = [];
    private readonly CancellationTokenSource stop = new();
    private readonly SemaphoreSlim sending = new(1);
    private Task reading = Task.CompletedTask;
    private string? session;
    private int last;

    private DevTools() { }

    /// <summary>What the page and the browser told, in order.</summary>
    public ConcurrentQueue<JsonObject> Events { get; } = [];

    public static async Task<DevTools> OpenAsync(Uri browser)
    {
        var tools = new DevTools();
        using var limit = new CancellationTokenSource(TimeOut);
        await tools.socket.ConnectAsync(browser, limit.Token);
        tools.reading = Task.Run(tools.ReadAsync);
        JsonObject target = await tools.SendAsync("Target.createTarget", new JsonObject { ["url"] = "about:blank" });
        JsonObject attached = await tools.SendAsync("Target.attachToTarget", new JsonObject { ["targetId"] = (string)target["targetId"]!, ["flatten"] = true });
        tools.session = (string)attached["sessionId"]!;
        foreach (string domain in (string[])["Page", "Runtime", "Log", "Network"])
            await tools.SendAsync($"{domain}.enable");
        return tools;
    }

    /// <summary>Opens a page and waits until it has loaded.</summary>
    public async Task NavigateAsync(string address)
    {
        Events.Clear();
        JsonObject answer = await SendAsync("Page.navigate", new JsonObject { ["url"] = address });
        Assert.Null(answer["errorText"]);
        await UntilAsync("the page has loaded", () => Task.FromResult(Events.Any(one => (string?)one["method"] == "Page.loadEventFired")));
    }

    /// <summary>The value of an expression in the page.</summary>
    public async Task<JsonNode?> EvaluateAsync(string expression)
    {
        JsonObject answer = await SendAsync("Runtime.evaluate", new JsonObject { ["expression"] = expression, ["returnByValue"] = true, ["awaitPromise"] = true });
        if (answer["exceptionDetails"] is { } problem)
            Assert.Fail($"{expression}: {problem.ToJsonString()}");
        return answer["result"]!["value"]?.DeepClone();
    }

    public async Task<T> EvaluateAsync<T>(string expression)
        => (await EvaluateAsync(expression) ?? throw new InvalidOperationException($"{expression} is nothing")).GetValue<T>();

    /// <summary>Presses and lets go a key.</summary>
    public async Task KeyAsync(string key, int code)
    {
        foreach (string type in (string[])["rawKeyDown", "keyUp"])
            await SendAsync("Input.dispatchKeyEvent", new JsonObject { ["type"] = type, ["key"] = key, ["code"] = key, ["windowsVirtualKeyCode"] = code });
    }

    /// <summary>Moves the mouse to the middle of an element's first box, and clicks it where asked.</summary>
    public async Task MouseAsync(string element, bool click)
    {
        await EvaluateAsync($"{element}.scrollIntoView({{ block: 'center', behavior: 'instant' }})");
        JsonNode place = (await EvaluateAsync($"(() => {{ const box = {element}.getClientRects()[0]; return {{ x: box.left + box.width / 2, y: box.top + box.height / 2 }}; }})()"))!;
        foreach (string type in click ? (string[])["mouseMoved", "mousePressed", "mouseReleased"] : ["mouseMoved"])
        {
            await SendAsync("Input.dispatchMouseEvent", new JsonObject
            {
                ["type"] = type, ["x"] = (double)place["x"]!, ["y"] = (double)place["y"]!, ["button"] = type == "mouseMoved" ? "none" : "left", ["clickCount"] = type == "mouseMoved" ? 0 : 1,
            });
        }
    }

    public async Task<JsonObject> SendAsync(string method, JsonObject? parameters = null)
    {
        int id = Interlocked.Increment(ref last);
        TaskCompletionSource<JsonObject> answer = waiting[id] = new(TaskCreationOptions.RunContinuationsAsynchronously);
        var message = new JsonObject { ["id"] = id, ["method"] = method, ["params"] = parameters ?? [] };
        if (session is not null) message["sessionId"] = session;
        using var limit = new CancellationTokenSource(TimeOut);
        await sending.WaitAsync(limit.Token);
        try
        {
            await socket.SendAsync(JsonSerializer.SerializeToUtf8Bytes(message), WebSocketMessageType.Text, endOfMessage: true, limit.Token);
        }
        finally
        {
            sending.Release();
        }
        JsonObject said = await answer.Task.WaitAsync(TimeOut);
        return said["error"] is { } error ? throw new InvalidOperationException($"{method}: {error.ToJsonString()}") : said["result"]!.AsObject();
    }

    /// <summary>Waits until a condition holds.</summary>
    public static async Task UntilAsync(string what, Func<Task<bool>> condition)
    {
        using var limit = new CancellationTokenSource(TimeOut);
        while (!await condition())
        {
            if (limit.IsCancellationRequested)
                Assert.Fail($"this did not come: {what}");
            await Task.Delay(10);
        }
    }

    private async Task ReadAsync()
    {
        byte[] buffer = new byte[1 << 16];
        using var message = new MemoryStream();
        try
        {
            while (true)
            {
                WebSocketReceiveResult part = await socket.ReceiveAsync(new ArraySegment<byte>(buffer), stop.Token);
                if (part.MessageType == WebSocketMessageType.Close)
                    break;
                message.Write(buffer, 0, part.Count);
                if (!part.EndOfMessage)
                    continue;
                JsonObject said = JsonNode.Parse(message.ToArray())!.AsObject();
                message.SetLength(0);
                if (said["id"] is { } id && waiting.TryRemove((int)id, out TaskCompletionSource<JsonObject>? answer)) answer.SetResult(said);
                else Events.Enqueue(said);
            }
        }
        catch (Exception problem) when (problem is OperationCanceledException or WebSocketException)
        {
            // The browser is gone, or no longer wanted.
        }
        foreach (TaskCompletionSource<JsonObject> one in waiting.Values)
            one.TrySetException(new InvalidOperationException("the browser is gone"));
    }

    public async ValueTask DisposeAsync()
    {
        await stop.CancelAsync();
        await reading;
        socket.Dispose();
        stop.Dispose();
        sending.Dispose();
    }
}

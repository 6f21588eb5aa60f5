using System.Text.Json.Nodes;
using Gim.Similarity;
using Gim.Tests.Jobs;
using Gim.Tests.Similarity;
using Gim.Text.Tokenizers;

namespace Gim.Tests.Browser;

/// <summary>The report of a run in a real browser, over texts and names that would like to be more than text.</summary>
[Collection(ProcessTests.Name)]
public sealed class ReportBrowserTests : JobTestBase
{
    private const string Hostile =
        "<script>window.__hacked = 1</script></script><img src=x onerror='window.__hacked = 2'> & &lt; \" ' <!-- <b>bold\n" +
        "مرحبا بالعالم مرحبا بالعالم \u202eevil\u202c 👩‍💻🎉 \u0000\u0007\u001b[31m \u2028\u2029 </style><style>body{display:none}</style>\n";

    private static readonly string Name = OperatingSystem.IsWindows() ? "a&b' ref.txt" : "a&b'\"><img src=x onerror=window.__hacked=3> ref.txt";

    public ReportBrowserTests()
    {
        string repeated = string.Concat(Enumerable.Repeat(Hostile, 3));
        Write(Name, Documents(seed: 1, count: 6, words: 60) + $"<|endoftext|>\n{repeated}");
        Write("test.txt", Documents(seed: 2, count: 2, words: 60) + $"<|endoftext|>\n{repeated}");
        RandomModel.Write(In("model.safetensors"), RandomModel.Small(PositionKind.Bias, EmbeddingMode.Streaming, 256) with { Tokenizer = "bytes", TokenizerHash = new ByteTokenizer().Hash });
        JsonObject job = JsonNode.Parse(Job)!.AsObject();
        job["reference"]![0]!["path"] = Name;
        job["models"] = new JsonArray("infini-gram", "induction-exact", "induction-fuzzy", "gim");
        job["similarityModel"] = "model.safetensors";
        job["device"] = "cpu";
        job["threshold"] = 4;
        Write("job.json", job.ToJsonString());
    }

    [BrowserFact]
    public async Task Evidence_opens_by_mouse_and_keyboard_and_nothing_of_the_text_is_more_than_text()
    {
        Gim("job.json").Done();
        using Chromium chromium = await Chromium.StartAsync();
        await using DevTools page = await DevTools.OpenAsync(chromium.Address);
        await SizeAsync(page, 1280, 900);
        string file = new Uri(Path.Combine(Output, "report.html")).AbsoluteUri;
        await page.NavigateAsync(file);
        JsonArray[] passages = [.. (await DataAsync(page))["passages"]!.AsArray().Select(passage => passage!.AsArray())];
        Assert.Equal(passages.Sum(passage => passage.Count), await page.EvaluateAsync<int>("document.querySelectorAll('.passage .t').length"));

        await AssertClicksShowTheData(page, passages);
        await AssertKeysMove(page, passages[0]);
        await AssertFiltersHide(page, passages);
        await AssertItFits(page);
        await AssertItPrints(page);

        // What the text would like to do has not been done, and the page asked nobody for anything.
        Assert.Equal("undefined", await page.EvaluateAsync<string>("typeof window.__hacked"));
        Assert.Equal(0, await page.EvaluateAsync<int>("document.querySelectorAll('img, iframe, object, link, main script, main style').length"));
        Assert.Contains("<script>window.__hacked = 1</script>", await page.EvaluateAsync<string>("document.querySelector('main').textContent"), StringComparison.Ordinal);
        Assert.Empty(page.Events.Where(IsProblem).Select(one => one.ToJsonString()));
        Assert.Equal([file], page.Events.Where(one => (string?)one["method"] == "Network.requestWillBeSent").Select(one => (string)one["params"]!["request"]!["url"]!).Distinct());
    }

    private static bool IsProblem(JsonObject one) => (string?)one["method"] switch
    {
        "Runtime.exceptionThrown" or "Log.entryAdded" => true,
        "Runtime.consoleAPICalled" => true,
        _ => false,
    };

    private static async Task<JsonObject> DataAsync(DevTools page)
        => JsonNode.Parse(await page.EvaluateAsync<string>("document.getElementById('data').textContent"))!.AsObject();

    private static string TokenAt(int passage, int number) => $"document.querySelectorAll('.passage')[{passage}].querySelectorAll('.t')[{number}]";

    private static async Task AssertClicksShowTheData(DevTools page, JsonArray[] passages)
    {
        JsonArray documents = (await DataAsync(page))["documents"]!.AsArray();
        Assert.Contains(documents, name => ((string)name!).Contains("a&b'", StringComparison.Ordinal));
        var seen = new HashSet<int>();
        foreach (var (number, passage) in passages.Index())
        {
            for (int i = 0; i < passage.Count; i += 7)
            {
                JsonNode entry = passage[i]!;
                seen.Add((int)entry["source"]!);
                await page.MouseAsync(TokenAt(number, i), click: true);
                string text = await page.EvaluateAsync<string>("document.getElementById('panel').textContent");
                Assert.Contains((string)entry["why"]!, text, StringComparison.Ordinal);
                Assert.Contains((bool)entry["right"]! ? "✓ right" : "✗ wrong", text, StringComparison.Ordinal);
                foreach (JsonArray? quote in entry["quotes"]?.AsArray().Select(one => one!.AsArray()) ?? [])
                {
                    Assert.Contains(string.Concat(quote!.Skip(2).Select(part => (string)part!)), text, StringComparison.Ordinal);
                    Assert.Contains((string)quote[1]!, text, StringComparison.Ordinal);
                    if ((int)quote[0]! >= 0) Assert.Contains((string)documents[(int)quote[0]!]!, text, StringComparison.Ordinal);
                }
                Assert.Equal(1, await page.EvaluateAsync<int>("document.querySelectorAll('#kept .card').length"));
                // A second click lets it go, so that the next one is alone.
                await page.MouseAsync(TokenAt(number, i), click: true);
                Assert.True(await page.EvaluateAsync<bool>("document.getElementById('pinned').hidden"));
            }
        }
        Assert.Equal([0, 1, 2], seen.Order());
    }

    private static async Task AssertKeysMove(DevTools page, JsonArray passage)
    {
        const string number = "Number(document.activeElement.dataset.number ?? -1)";
        await page.EvaluateAsync($"document.querySelector('.controls input').focus()");
        // Over the other boxes Tab comes to the text, in which one token is reached.
        for (int i = 0; await page.EvaluateAsync<int>(number) < 0; i++)
        {
            Assert.True(i < 10, "Tab does not reach the text");
            await page.KeyAsync("Tab", 9);
        }
        await page.KeyAsync("Home", 36);
        Assert.Equal(0, await page.EvaluateAsync<int>(number));
        await page.KeyAsync("ArrowRight", 39);
        await page.KeyAsync("ArrowRight", 39);
        Assert.Equal(2, await page.EvaluateAsync<int>(number));
        await page.KeyAsync("ArrowLeft", 37);
        Assert.Equal(1, await page.EvaluateAsync<int>(number));
        Assert.Contains((string)passage[1]!["why"]!, await page.EvaluateAsync<string>("document.getElementById('panel').textContent"), StringComparison.Ordinal);
        await page.KeyAsync("ArrowDown", 40);
        Assert.True(await page.EvaluateAsync<int>(number) > 1);
        await page.KeyAsync("ArrowUp", 38);
        await page.KeyAsync("End", 35);
        Assert.Equal(passage.Count - 1, await page.EvaluateAsync<int>(number));
        await page.KeyAsync("Enter", 13);
        Assert.Equal(1, await page.EvaluateAsync<int>("document.querySelectorAll('#kept .card').length"));
        Assert.Equal("true", await page.EvaluateAsync<string>("document.activeElement.getAttribute('aria-pressed')"));
        // What is kept stays in the panel while the mouse moves on, until Escape.
        await page.MouseAsync(TokenAt(0, 3), click: false);
        string kept = (string)passage[^1]!["why"]!, panel = "document.getElementById('panel').textContent";
        Assert.Contains(kept, await page.EvaluateAsync<string>(panel), StringComparison.Ordinal);
        await page.KeyAsync("Escape", 27);
        await page.MouseAsync(TokenAt(0, 4), click: false);
        Assert.True(await page.EvaluateAsync<bool>($"{TokenAt(0, 4)}.classList.contains('on')"));
        await page.EvaluateAsync("document.querySelector('#kept button').click()");
        Assert.Equal(0, await page.EvaluateAsync<int>("document.querySelectorAll('#kept .card').length"));
    }

    private static async Task AssertFiltersHide(DevTools page, JsonArray[] passages)
    {
        JsonNode[] all = [.. passages.SelectMany(passage => passage).Select(one => one!)];
        async Task AssertHidden(string box, Func<JsonNode, bool> hidden)
        {
            await page.EvaluateAsync($"document.querySelector('{box}').click()");
            string states = await page.EvaluateAsync<string>("[...document.querySelectorAll('.passage .t')].map(one => getComputedStyle(one).visibility === 'hidden' ? '1' : '0').join('')");
            Assert.Equal(string.Concat(all.Select(one => hidden(one) ? '1' : '0')), states);
            await page.EvaluateAsync($"document.querySelector('{box}').click()");
        }

        foreach (int source in (int[])[0, 1, 2])
            await AssertHidden($"input[data-source=\"{source}\"]", one => (int)one["source"]! == source);
        await AssertHidden("input[data-right=\"1\"]", one => (bool)one["right"]!);
        await AssertHidden("input[data-right=\"0\"]", one => !(bool)one["right"]!);
    }

    private static Task<JsonObject> SizeAsync(DevTools page, int width, int height)
        => page.SendAsync("Emulation.setDeviceMetricsOverride", new JsonObject { ["width"] = width, ["height"] = height, ["deviceScaleFactor"] = 1, ["mobile"] = false });

    /// <summary>Nothing sticks out of a narrow page, and dark is dark.</summary>
    private static async Task AssertItFits(DevTools page)
    {
        foreach (int width in (int[])[320, 800, 1280])
        {
            await SizeAsync(page, width, 800);
            Assert.True(await page.EvaluateAsync<bool>("document.documentElement.scrollWidth <= window.innerWidth"), $"the page is wider than {width}");
        }
        const string luminance = "getComputedStyle(document.body).backgroundColor.match(/\\d+/g).slice(0, 3).reduce((sum, one) => sum + Number(one), 0)";
        Assert.Equal(3 * 255, await page.EvaluateAsync<int>(luminance));
        await page.SendAsync("Emulation.setEmulatedMedia", new JsonObject { ["features"] = new JsonArray(new JsonObject { ["name"] = "prefers-color-scheme", ["value"] = "dark" }) });
        Assert.InRange(await page.EvaluateAsync<int>(luminance), 0, 150);
        await page.SendAsync("Emulation.setEmulatedMedia", new JsonObject { ["media"] = "print" });
        Assert.Equal("none", await page.EvaluateAsync<string>("getComputedStyle(document.querySelector('.panel')).display"));
        Assert.Equal("none", await page.EvaluateAsync<string>("getComputedStyle(document.querySelector('nav')).display"));
        await page.SendAsync("Emulation.setEmulatedMedia");
    }

    private static async Task AssertItPrints(DevTools page)
    {
        JsonObject printed = await page.SendAsync("Page.printToPDF", new JsonObject { ["printBackground"] = true });
        byte[] pdf = Convert.FromBase64String((string)printed["data"]!);
        Assert.Equal("%PDF-"u8.ToArray(), pdf[..5]);
        Assert.True(pdf.Length > 20_000);
    }
}

using System.Text;
using Gim.Similarity.Weights.Torch;
using static Gim.Tests.Similarity.Weights.Torch.PickleWriter;

namespace Gim.Tests.Similarity.Weights.Torch;

/// <summary>Pickles that ask for more than data: each is refused by name, and nothing is called.</summary>
public sealed class UnpicklerTests
{
    [Theory]
    [InlineData("os", "system", "touch /tmp/gim-was-here")]
    [InlineData("posix", "system", "true")]
    [InlineData("builtins", "eval", "1")]
    [InlineData("__builtin__", "eval", "1")]
    [InlineData("builtins", "getattr", "x")]
    [InlineData("torch", "load", "x")]
    [InlineData("torch._utils", "_rebuild_tensor", "x")]
    [InlineData("collections", "OrderedDict.fromkeys", "x")]
    [InlineData("alm.models.mini_gpt", "GPT", "x")]
    public void A_global_that_weights_do_not_need_is_refused_by_name(string module, string name, string argument)
    {
        string message = Refusal(Pickle(new Dict(("model", new Call(module, name, argument)))));
        Assert.Equal($"model.pt asks for '{module}.{name}', which a file of weights has no need of; with PyTorch, and only if you trust the file, save its weights alone: torch.save(model.state_dict(), path)", message);

        // The same through the stack, as protocol 4 names it.
        string stacked = $"\u008c{(char)module.Length}{module}\u008c{(char)name.Length}{name}\u0093.";
        Assert.Contains($"asks for '{module}.{name}'", Refusal(Instructions(stacked)), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("(ios\nsystem\n.", "INST")]
    [InlineData("(cos\nsystem\no.", "'os.system'")]
    [InlineData("(X\u0001\0\0\0ao.", "OBJ")]
    [InlineData("}]\u0081.", "NEWOBJ")]
    [InlineData("}])\u0092.", "NEWOBJEX")]
    [InlineData("\u0082\u0001.", "EXT1")]
    [InlineData("\u0083\u0001\0.", "EXT2")]
    [InlineData("\u0084\u0001\0\0\0.", "EXT4")]
    [InlineData("P0\n.", "PERSID")]
    [InlineData("I1\n.", "INT")]
    [InlineData("S'a'\n.", "STRING")]
    [InlineData("(l.", "LIST")]
    [InlineData("(d.", "DICT")]
    [InlineData("N2.", "DUP")]
    [InlineData("(\u0091.", "FROZENSET")]
    [InlineData("\u0096\0\0\0\0\0\0\0\0.", "BYTEARRAY8")]
    [InlineData("\u0097.", "NEXTBUFFER")]
    [InlineData("\u00ff.", "unknown pickle instruction, 255")]
    [InlineData("]}b.", "BUILD")]
    [InlineData("ccollections\nOrderedDict\n}b.", "BUILD")]
    [InlineData("}]b.", "BUILD")]
    [InlineData("X\u0001\0\0\0a)R.", "calls what is no function")]
    [InlineData("})R.", "calls what is no function")]
    [InlineData("ccollections\nOrderedDict\n]R.", "no tuple")]
    [InlineData("ccollections\nOrderedDict\nN\u0085R.", "not its own")]
    [InlineData("c__builtin__\nset\nK\u0001\u0085R.", "not its own")]
    [InlineData("NQ.", "other than a storage")]
    public void Instructions_that_weights_do_not_need_are_refused_by_name(string instructions, string expected) =>
        Assert.Contains(expected, Refusal(Instructions(instructions)), StringComparison.Ordinal);

    [Theory]
    [InlineData("", "ends early")]
    [InlineData("N", "ends early")]
    [InlineData("K", "ends early")]
    [InlineData(".", "more values than it has put")]
    [InlineData("NN.", "more than one value")]
    [InlineData("(N.", "more than one value")]
    [InlineData("N(\u0085.", "more values than it has put")]
    [InlineData("N(0.", "more values than it has put")]
    [InlineData("Nt.", "has not begun")]
    [InlineData("}(Nu.", "key without a value")]
    [InlineData("}NNs.", "neither text nor")]
    [InlineData("}]Ns.", "neither text nor")]
    [InlineData("}G\0\0\0\0\0\0\0\0Ns.", "neither text nor")]
    [InlineData("]NNs.", "no dictionary")]
    [InlineData("}Na.", "no list")]
    [InlineData("](\u0090.", "no set")]
    [InlineData("X\u00ff\u00ff\u00ff\u00ffab", "ends early")]
    [InlineData("X\u0003\0\0\0ab", "ends early")]
    [InlineData("\u008d\u00ff\u00ff\u00ff\u00ff\u00ff\u00ff\u00ff\u00ffab", "ends early")]
    [InlineData("B\u00ff\u00ff\u00ff\u00ffab", "ends early")]
    [InlineData("\u008e\u00ff\u00ff\u00ff\u00ff\u00ff\u00ff\u00ff\u00ffab", "ends early")]
    [InlineData("\u008b\u00ff\u00ff\u00ff\u00ff", "integer of -1 bytes")]
    [InlineData("\u008b\u00ff\u00ff\u00ff\u007f", "integer of 2147483647 bytes")]
    [InlineData("\u008a\u0041", "integer of 65 bytes")]
    [InlineData("X\u0001\0\0\0\u00ff.", "not UTF-8")]
    [InlineData("cos", "ends early")]
    [InlineData("NN\u0093.", "no text")]
    [InlineData("\u0095\u00ff\u00ff\u00ff\u00ff\u00ff\u00ff\u00ff\u00ffN.", "frame longer")]
    [InlineData("h\0.", "recalls value 0 of 0")]
    [InlineData("Nr\u00ff\u00ff\u00ff\u00ff.", "as number 4294967295 after 0")]
    [InlineData("q\0.", "remembers a value that it has not put")]
    public void A_damaged_pickle_is_refused(string instructions, string expected) =>
        Assert.Contains(expected, Refusal(Instructions(instructions)), StringComparison.Ordinal);

    [Theory]
    [InlineData(new byte[] { 0x80, 1, (byte)'N', (byte)'.' })]
    [InlineData(new byte[] { 0x80, 6, (byte)'N', (byte)'.' })]
    [InlineData(new byte[] { (byte)'N', (byte)'.' })]
    [InlineData(new byte[] { 0x80 })]
    [InlineData(new byte[0])]
    public void Other_protocols_are_refused(byte[] pickle) =>
        Assert.Contains("no pickle of protocol 2 to 5", Refusal(pickle), StringComparison.Ordinal);

    [Fact]
    public void Values_are_read()
    {
        Assert.Null(Unpickler.Read(Pickle(null), "model.pt"));
        Assert.Equal(new object?[] { true, false, -3L, 200L, 1.5, "é" }, Unpickler.Read(Pickle(new object?[] { true, false, -3, 200L, 1.5, "é" }), "model.pt"));
        Assert.Equal(new List<object?> { 1L, null }, Unpickler.Read(Pickle(new List<object?> { 1, null }), "model.pt"));
        Assert.Equal(0L, Unpickler.Read(Instructions("\u008a\0."), "model.pt"));
        Assert.Equal(-128L, Unpickler.Read(Instructions("\u008a\u0001\u0080."), "model.pt"));
        Assert.Equal(new byte[] { 0, 0xE9 }, Unpickler.Read(Pickle(new Call("_codecs", "encode", "\0é", "latin1")), "model.pt"));
        Assert.Equal(2L, ((PickledDictionary)Unpickler.Read(Pickle(new Dict(("a", 1), ("a", 2))), "model.pt")!)["a"]);
        Assert.Equal(-2L, Unpickler.Read(Pickle(new Call("numpy._core.multiarray", "scalar", new Call("numpy", "dtype", "i4", false, true), new Call("_codecs", "encode", "\u00fe\u00ff\u00ff\u00ff", "latin1"))), "model.pt"));
    }

    [Fact]
    public void Deep_nesting_neither_overflows_the_stack_nor_passes()
    {
        // Lists in lists: nesting on the pickle's own stack has an end; through memory it is no nesting of calls.
        Assert.Contains("before it uses them", Refusal(Instructions(new string(']', 1_000_000) + ".")), StringComparison.Ordinal);
        Assert.Contains("before it uses them", Refusal(Instructions(new string('(', 1_000_000) + ".")), StringComparison.Ordinal);
        string nested = string.Concat(Enumerable.Repeat("\u0085", 500_000));
        Assert.IsType<object?[]>(Unpickler.Read(Instructions("N" + nested + "."), "model.pt"));
        Assert.Contains("instructions", Refusal(Instructions("N" + string.Concat(Enumerable.Repeat("\u0085", Unpickler.MostInstructions)) + ".")), StringComparison.Ordinal);
    }

    [Fact]
    public void A_memo_holds_no_more_than_was_made()
    {
        byte[] pickle = Instructions("N" + new string('\u0094', 500_000) + ".");
        long before = GC.GetAllocatedBytesForCurrentThread();
        Assert.Contains("remembers more values than it has made", Refusal(pickle), StringComparison.Ordinal);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 20L * pickle.Length);
    }

    /// <summary>Ten lists of ten lists of ten lists ...: small as a pickle, endless as text.</summary>
    [Fact]
    public void Model_arguments_that_repeat_each_other_without_end_are_refused()
    {
        var lists = new StringBuilder("]q\0");
        for (int level = 1; level < 12; level++)
            lists.Append("](").Insert(lists.Length, $"h{(char)(level - 1)}", 10).Append($"eq{(char)level}");
        object? checkpoint = Unpickler.Read(Instructions($"}}X\u000c\0\0\0model_kwargs}}X\u0001\0\0\0a({lists}tss."), "model.pt");
        Assert.Contains("more than 10000 values", Assert.Throws<InputException>(() => TorchMetadata.Of(checkpoint, "model.pt")).Message, StringComparison.Ordinal);

        // A dictionary that holds itself.
        checkpoint = Unpickler.Read(Instructions("}X\u000c\0\0\0model_kwargs}q\0X\u0001\0\0\0ah\0ss."), "model.pt");
        Assert.Contains("16 levels", Assert.Throws<InputException>(() => TorchMetadata.Of(checkpoint, "model.pt")).Message, StringComparison.Ordinal);
    }

    private static string Refusal(byte[] pickle)
    {
        string message = Assert.Throws<InputException>(() => Unpickler.Read(pickle, "model.pt")).Message;
        Assert.StartsWith("model.pt", message, StringComparison.Ordinal);
        return message;
    }
}

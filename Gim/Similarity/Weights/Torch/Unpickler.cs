using System.Buffers.Binary;
using System.Numerics;
using System.Text;
using Gim.Config;

namespace Gim.Similarity.Weights.Torch;

/// <summary>
/// Reads a pickle of protocol 2 to 5 as data. It builds numbers, text, bytes, lists, tuples, dictionaries, and tensors
/// whose values stay where they are; of globals it knows <see cref="PickledGlobal"/>'s, and all else is refused by name.
/// Nesting is the stack's, not the program's, and what is built is bounded by the pickle's length and the limits here.
/// </summary>
internal sealed class Unpickler
{
    /// <summary>A model of a thousand parameters with its optimizer takes a hundred thousand.</summary>
    public const int MostInstructions = 1 << 20;

    /// <summary>Bytes of the longest integer: seeds and ids have 8 or 16.</summary>
    private const int LongestInteger = 64;

    private static readonly UTF8Encoding Utf8 = new(false, throwOnInvalidBytes: true);

    private readonly byte[] pickle;
    private readonly string path;
    private readonly PickleStack stack = new();
    private readonly List<object?> memo = [];
    private int at;

    private Unpickler(byte[] pickle, string path)
    {
        this.pickle = pickle;
        this.path = path;
    }

    /// <summary>
    /// What the pickle holds: null, bool, long, BigInteger, double, string, byte[], List, object[] (a tuple), or one of
    /// the kinds of values that the other files of this folder define.
    /// </summary>
    /// <exception cref="InputException">It asks for what no file of weights needs, or is damaged.</exception>
    public static object? Read(byte[] pickle, string path) => new Unpickler(pickle, path).Run();

    private object? Run()
    {
        if (pickle.Length < 2 || (PickleOpcode)pickle[0] != PickleOpcode.Proto || pickle[1] is < 2 or > 5)
            throw new InputException($"{path}: data.pkl is no pickle of protocol 2 to 5; {TorchCheckpoint.Advice}");
        at = 2;
        for (int done = 0; done < MostInstructions; done++)
        {
            var opcode = (PickleOpcode)Take(1)[0];
            if (opcode == PickleOpcode.Stop)
            {
                object? result = Pop();
                return stack.Count == 0 && stack.Marks == 0 ? result : throw Damaged("ends with more than one value");
            }
            Step(opcode);
        }
        throw Damaged($"has more than {MostInstructions} instructions");
    }

    private void Step(PickleOpcode opcode)
    {
        switch (opcode)
        {
            case PickleOpcode.None: Push(null); break;
            case PickleOpcode.NewTrue: Push(true); break;
            case PickleOpcode.NewFalse: Push(false); break;
            case PickleOpcode.BinInt: Push((long)BinaryPrimitives.ReadInt32LittleEndian(Take(4))); break;
            case PickleOpcode.BinInt1: Push((long)Take(1)[0]); break;
            case PickleOpcode.BinInt2: Push((long)BinaryPrimitives.ReadUInt16LittleEndian(Take(2))); break;
            case PickleOpcode.Long1: PushInteger(Take(1)[0]); break;
            case PickleOpcode.Long4: PushInteger(BinaryPrimitives.ReadInt32LittleEndian(Take(4))); break;
            case PickleOpcode.BinFloat: Push(BinaryPrimitives.ReadDoubleBigEndian(Take(8))); break;
            case PickleOpcode.ShortBinUnicode: Push(Text(Take(1)[0])); break;
            case PickleOpcode.BinUnicode: Push(Text(BinaryPrimitives.ReadUInt32LittleEndian(Take(4)))); break;
            case PickleOpcode.BinUnicode8: Push(Text(BinaryPrimitives.ReadUInt64LittleEndian(Take(8)))); break;
            case PickleOpcode.ShortBinBytes: Push(Take(Take(1)[0]).ToArray()); break;
            case PickleOpcode.BinBytes: Push(Take(BinaryPrimitives.ReadUInt32LittleEndian(Take(4))).ToArray()); break;
            case PickleOpcode.BinBytes8: Push(Take(BinaryPrimitives.ReadUInt64LittleEndian(Take(8))).ToArray()); break;
            case PickleOpcode.EmptyList: Push(new List<object?>()); break;
            case PickleOpcode.EmptyDict: Push(new PickledDictionary()); break;
            case PickleOpcode.EmptySet: Push(new PickledSet()); break;
            case PickleOpcode.EmptyTuple: Push(Array.Empty<object?>()); break;
            case PickleOpcode.Tuple1: PushTuple(1); break;
            case PickleOpcode.Tuple2: PushTuple(2); break;
            case PickleOpcode.Tuple3: PushTuple(3); break;
            case PickleOpcode.Tuple: Push(PopMark()); break;
            case PickleOpcode.Mark:
                if (!stack.TryMark())
                    throw TooDeep();
                break;
            case PickleOpcode.Pop: Pop(); break;
            case PickleOpcode.PopMark: PopMark(); break;
            case PickleOpcode.Append: Append([Pop()]); break;
            case PickleOpcode.Appends: Append(PopMark()); break;
            case PickleOpcode.SetItem:
                object? value = Pop();
                SetItems([Pop(), value]);
                break;
            case PickleOpcode.SetItems: SetItems(PopMark()); break;
            case PickleOpcode.AddItems:
                PopMark();
                Peek<PickledSet>("adds items to what is no set");
                break;
            case PickleOpcode.BinPut: Remember(Take(1)[0]); break;
            case PickleOpcode.LongBinPut: Remember(BinaryPrimitives.ReadUInt32LittleEndian(Take(4))); break;
            case PickleOpcode.Memoize: Remember((uint)memo.Count); break;
            case PickleOpcode.BinGet: Push(Remembered(Take(1)[0])); break;
            case PickleOpcode.LongBinGet: Push(Remembered(BinaryPrimitives.ReadUInt32LittleEndian(Take(4)))); break;
            case PickleOpcode.Frame:
                if (BinaryPrimitives.ReadUInt64LittleEndian(Take(8)) > (ulong)(pickle.Length - at))
                    throw Damaged("has a frame longer than itself");
                break;
            case PickleOpcode.Global: Push(Global(Line(), Line())); break;
            case PickleOpcode.StackGlobal:
                object? name = Pop();
                object? module = Pop();
                if (module is not string moduleText || name is not string nameText)
                    throw Damaged("names a global by what is no text");
                Push(Global(moduleText, nameText));
                break;
            case PickleOpcode.BinPersId: Push(Storage(Pop())); break;
            case PickleOpcode.Reduce: Reduce(); break;
            case PickleOpcode.Build: Build(); break;
            default:
                string instruction = Enum.IsDefined(opcode)
                    ? $"the pickle instruction {opcode.ToString().ToUpperInvariant()}"
                    : $"an unknown pickle instruction, {(byte)opcode}";
                throw new InputException(
                    $"{path} has {instruction} (byte {at - 1} of data.pkl), which a file of weights has no need of; {TorchCheckpoint.SaveAgain}");
        }
    }

    private void Push(object? value)
    {
        if (!stack.TryPush(value))
            throw TooDeep();
    }

    private object? Pop() => stack.TryPop(out object? value) ? value : throw Damaged("takes more values than it has put");

    private object?[] PopMark() => stack.TryPopMark(out object?[] above) ? above : throw Damaged("ends a list that it has not begun");

    private T Peek<T>(string otherwise) where T : class =>
        stack.TryPeek(out object? value) && value is T found ? found : throw Damaged(otherwise);

    private void PushTuple(int length)
    {
        var tuple = new object?[length];
        for (int i = length - 1; i >= 0; i--)
            tuple[i] = Pop();
        Push(tuple);
    }

    private void Append(object?[] items) => Peek<List<object?>>("appends to what is no list").AddRange(items);

    private void SetItems(object?[] items)
    {
        PickledDictionary dictionary = Peek<PickledDictionary>("sets items of what is no dictionary");
        if (items.Length % 2 != 0)
            throw Damaged("sets a key without a value");
        for (int i = 0; i < items.Length; i += 2)
        {
            if (items[i] is not (string or long or bool))
                throw Damaged("has a key that is neither text nor a whole number");
            dictionary[items[i]!] = items[i + 1];
        }
    }

    /// <summary>Python's writer numbers what it remembers one by one, so a number far ahead is a claim, not a place.</summary>
    private void Remember(uint index)
    {
        if (!stack.TryPeek(out object? value))
            throw Damaged("remembers a value that it has not put");
        if (index > memo.Count)
            throw Damaged($"remembers a value as number {index} after {memo.Count}");
        // Each value takes an instruction to make and one to remember.
        if (index == memo.Count && memo.Count > pickle.Length / 2)
            throw Damaged("remembers more values than it has made");
        if (index == memo.Count)
            memo.Add(value);
        else
            memo[(int)index] = value;
    }

    private object? Remembered(uint index) => index < memo.Count ? memo[(int)index] : throw Damaged($"recalls value {index} of {memo.Count}");

    private PickledGlobal Global(string module, string name) => PickledGlobal.Find(module, name) ?? throw new InputException(
        $"{path} asks for {Quote.Of($"{module}.{name}")}, which a file of weights has no need of; {TorchCheckpoint.SaveAgain}");

    /// <summary>('storage', type, key, location, number of elements); where it lay then does not matter.</summary>
    private PickledStorage Storage(object? id) =>
        id is object?[] and ["storage", PickledGlobal { Storage: { } type }, string key, _, long length and >= 0]
            ? new PickledStorage(type, key, length)
            : throw Damaged("refers to something other than a storage");

    private void Reduce()
    {
        if (Pop() is not object?[] arguments)
            throw Damaged("calls something with arguments that are no tuple");
        if (Pop() is not PickledGlobal global)
            throw new InputException($"{path} calls what is no function (byte {at - 1} of data.pkl); {TorchCheckpoint.SaveAgain}");
        Push(global.Make(arguments) ?? throw Damaged($"gives {global.Name} arguments that are not its own, or a tensor beyond its storage"));
    }

    /// <summary>Attributes of a state dict, which are its versions and nothing to load, or the byte order of a NumPy type.</summary>
    private void Build()
    {
        object? state = Pop();
        object? target = stack.TryPeek(out object? value) ? value : throw Damaged("takes more values than it has put");
        bool known = target switch
        {
            PickledDictionary => state is PickledDictionary,
            PickledDtype => state is object?[] and [_, "<" or "|", ..],
            _ => false,
        };
        if (!known)
        {
            throw new InputException(
                $"{path} has the pickle instruction BUILD for what has no attributes (byte {at - 1} of data.pkl); {TorchCheckpoint.SaveAgain}");
        }
    }

    private ReadOnlySpan<byte> Take(ulong length)
    {
        if (length > (ulong)(pickle.Length - at))
            throw Damaged("ends early");
        ReadOnlySpan<byte> bytes = pickle.AsSpan(at, (int)length);
        at += (int)length;
        return bytes;
    }

    private string Text(ulong length) => Decode(Take(length));

    private string Line()
    {
        int end = pickle.AsSpan(at).IndexOf((byte)'\n');
        string line = end >= 0 ? Decode(Take((ulong)end)) : throw Damaged("ends early");
        at++;
        return line;
    }

    private string Decode(ReadOnlySpan<byte> bytes)
    {
        try
        {
            return Utf8.GetString(bytes);
        }
        catch (DecoderFallbackException problem)
        {
            throw Damaged("has text that is not UTF-8", problem);
        }
    }

    private void PushInteger(int length)
    {
        if (length is < 0 or > LongestInteger)
            throw Damaged($"has an integer of {length} bytes");
        var number = new BigInteger(Take((ulong)length));
        if (number >= long.MinValue && number <= long.MaxValue)
            Push((long)number);
        else
            Push(number);
    }

    private InputException TooDeep() => Damaged($"puts more than {PickleStack.MostValues} values before it uses them");

    private InputException Damaged(string what, Exception? cause = null) =>
        new($"{path}: data.pkl {what} (byte {at} of {pickle.Length}); {TorchCheckpoint.Advice}", cause);
}

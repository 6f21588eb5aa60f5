using System.Buffers.Binary;
using System.Text;

namespace Gim.Tests.Similarity.Weights.Torch;

/// <summary>Writes pickles of protocol 2, instruction by instruction or whole values, right or wrong as a test wants them.</summary>
internal sealed class PickleWriter
{
    private readonly List<byte> bytes = [0x80, 2];

    /// <summary>A call: the global, its arguments, REDUCE.</summary>
    public sealed record Call(string Module, string Name, params object?[] Arguments);

    /// <summary>A type or function by name.</summary>
    public sealed record Global(string Module, string Name);

    /// <summary>A persistent id: a tuple of these.</summary>
    public sealed record Persistent(params object?[] Id);

    /// <summary>A dictionary.</summary>
    public sealed record Dict(params (object? Key, object? Value)[] Items);

    /// <summary>Instructions as they are.</summary>
    public sealed record Raw(params byte[] Bytes);

    /// <summary>A whole pickle of one value.</summary>
    public static byte[] Pickle(object? value) => new PickleWriter().Write(value).End();

    /// <summary>A whole pickle of these instructions; text stands for its bytes in Latin-1.</summary>
    public static byte[] Instructions(string text) => new PickleWriter().Write(new Raw(Encoding.Latin1.GetBytes(text))).bytes.ToArray();

    /// <summary>A tensor of a storage, as torch.save writes it.</summary>
    public static Call Tensor(string storage, string key, object? numel, object? offset, object?[] shape, object?[] strides) => new(
        "torch._utils", "_rebuild_tensor_v2",
        new Persistent("storage", new Global("torch", storage), key, "cpu", numel), offset, shape, strides, false, new Call("collections", "OrderedDict"));

    public PickleWriter Write(object? value)
    {
        switch (value)
        {
            case null: Add('N'); break;
            case bool truth: Add((char)(truth ? 0x88 : 0x89)); break;
            case int number: Add('J'); AddInt(number); break;
            case long number:
                Add((char)0x8a);
                bytes.Add(8);
                byte[] eight = new byte[8];
                BinaryPrimitives.WriteInt64LittleEndian(eight, number);
                bytes.AddRange(eight);
                break;
            case double number:
                Add('G');
                byte[] bits = new byte[8];
                BinaryPrimitives.WriteDoubleBigEndian(bits, number);
                bytes.AddRange(bits);
                break;
            case string text:
                Add('X');
                byte[] utf8 = Encoding.UTF8.GetBytes(text);
                AddInt(utf8.Length);
                bytes.AddRange(utf8);
                break;
            case Global global: bytes.AddRange(Encoding.UTF8.GetBytes($"c{global.Module}\n{global.Name}\n")); break;
            case Call call:
                Write(new Global(call.Module, call.Name));
                Write(call.Arguments);
                Add('R');
                break;
            case Persistent persistent:
                Write(persistent.Id);
                Add('Q');
                break;
            case Dict dictionary:
                Add('}');
                Add('(');
                foreach (var (key, item) in dictionary.Items)
                    Write(key).Write(item);
                Add('u');
                break;
            case List<object?> list:
                Add(']');
                Add('(');
                list.ForEach(item => Write(item));
                Add('e');
                break;
            case object?[] tuple:
                Add('(');
                Array.ForEach(tuple, item => Write(item));
                Add('t');
                break;
            case Raw raw: bytes.AddRange(raw.Bytes); break;
            default: throw new ArgumentException(value.GetType().Name, nameof(value));
        }
        return this;
    }

    public byte[] End() => [.. bytes, (byte)'.'];

    private void Add(char instruction) => bytes.Add((byte)instruction);

    private void AddInt(int number)
    {
        byte[] four = new byte[4];
        BinaryPrimitives.WriteInt32LittleEndian(four, number);
        bytes.AddRange(four);
    }
}

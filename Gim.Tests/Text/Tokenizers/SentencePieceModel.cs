using Google.Protobuf;

namespace Gim.Tests.Text.Tokenizers;

/// <summary>Writes tiny SentencePiece models, field by field of sentencepiece_model.proto.</summary>
internal static class SentencePieceModel
{
    public enum PieceType { Normal = 1, Unknown = 2, Control = 3, UserDefined = 4, Unused = 5, Byte = 6 }

    public enum ModelType { Unigram = 1, Bpe = 2, Word = 3 }

    public static byte[] Write(
        IEnumerable<(string Piece, float Score, PieceType Type)> pieces, ModelType type = ModelType.Bpe,
        bool byteFallback = true, bool dummyPrefix = true, bool removeExtraSpaces = false, int eosId = 2)
    {
        var all = pieces.ToList();
        return Message(model =>
        {
            foreach (var (text, score, kind) in all)
                Embed(model, 1, piece =>
                {
                    Text(piece, 1, text);
                    piece.WriteTag(2, WireFormat.WireType.Fixed32);
                    piece.WriteFloat(score);
                    Number(piece, 3, (int)kind);
                });
            Embed(model, 2, trainer =>
            {
                Number(trainer, 3, (int)type);
                Number(trainer, 4, all.Count);
                Number(trainer, 35, byteFallback ? 1 : 0);
                Number(trainer, 40, 0);
                Number(trainer, 41, 1);
                Number(trainer, 42, eosId);
                Number(trainer, 43, -1);
                Text(trainer, 45, "<unk>");
                Text(trainer, 46, "<s>");
                Text(trainer, 47, "</s>");
            });
            Embed(model, 3, normalizer =>
            {
                Text(normalizer, 1, "identity");
                Number(normalizer, 3, dummyPrefix ? 1 : 0);
                Number(normalizer, 4, removeExtraSpaces ? 1 : 0);
                Number(normalizer, 5, 1);
            });
        });
    }

    /// <summary>The first 259 pieces of LLaMA-2: unk, bos, eos and the 256 bytes.</summary>
    public static List<(string Piece, float Score, PieceType Type)> LlamaHead()
    {
        var pieces = new List<(string, float, PieceType)>
        {
            ("<unk>", 0, PieceType.Unknown), ("<s>", 0, PieceType.Control), ("</s>", 0, PieceType.Control),
        };
        for (int b = 0; b < 256; b++) pieces.Add(($"<0x{b:X2}>", 0, PieceType.Byte));
        return pieces;
    }

    private static byte[] Message(Action<CodedOutputStream> write)
    {
        using var memory = new MemoryStream();
        using (var coded = new CodedOutputStream(memory, leaveOpen: true)) write(coded);
        return memory.ToArray();
    }

    private static void Embed(CodedOutputStream to, int field, Action<CodedOutputStream> write)
    {
        to.WriteTag(field, WireFormat.WireType.LengthDelimited);
        to.WriteBytes(ByteString.CopyFrom(Message(write)));
    }

    private static void Text(CodedOutputStream to, int field, string text)
    {
        to.WriteTag(field, WireFormat.WireType.LengthDelimited);
        to.WriteString(text);
    }

    private static void Number(CodedOutputStream to, int field, int value)
    {
        to.WriteTag(field, WireFormat.WireType.Varint);
        to.WriteInt32(value);
    }
}

using System.Text;
using Google.Protobuf;

namespace Gim.Text.Tokenizers;

/// <summary>
/// The parts of a SentencePiece model that decide how it encodes (sentencepiece_model.proto: ModelProto, TrainerSpec,
/// NormalizerSpec), with the defaults of that file.
/// </summary>
internal sealed class SentencePieceFile
{
    public enum PieceType { Normal = 1, Unknown = 2, Control = 3, UserDefined = 4, Unused = 5, Byte = 6 }

    public readonly record struct Piece(string Text, float Score, PieceType Type);

    private const int Unigram = 1, Bpe = 2;

    private SentencePieceFile() { }

    /// <summary>Pieces by id.</summary>
    public List<Piece> Pieces { get; } = [];

    public bool ByteFallback { get; private set; }

    public bool DummyPrefix { get; private set; } = true;

    public bool RemoveExtraSpaces { get; private set; } = true;

    public bool EscapeSpaces { get; private set; } = true;

    public string EndPiece { get; private set; } = "</s>";

    private int modelType = Unigram;
    private bool spaceAsSuffix;
    private bool rewritesText;

    /// <exception cref="InputException">The content is no model, or one that encodes by other rules than those here.</exception>
    public static SentencePieceFile Parse(byte[] content, string path)
    {
        var file = new SentencePieceFile();
        try
        {
            file.ReadModel(new CodedInputStream(content));
        }
        catch (Exception e) when (e is InvalidProtocolBufferException or InvalidOperationException or DecoderFallbackException)
        {
            throw new InputException($"{path}: not a SentencePiece model, or damaged ({e.Message.ReplaceLineEndings(" ")}); expected a *.model file (for LLaMA-2: tokenizer.model), fetched whole", e);
        }
        if (file.Pieces.Count == 0)
            throw new InputException($"{path}: the model holds no pieces; expected a *.model file (for LLaMA-2: tokenizer.model), fetched whole");
        if (file.modelType != Bpe)
            throw new InputException($"{path}: the model's type is {(file.modelType == Unigram ? "unigram" : $"number {file.modelType}")}; only BPE models, such as LLaMA-2's, can be read: use another tokenizer");
        if (file.rewritesText)
            throw new InputException($"{path}: the model rewrites characters before it cuts (precompiled_charsmap), which is not read here; only models with the identity normaliser, such as LLaMA-2's, can be read");
        if (file.spaceAsSuffix)
            throw new InputException($"{path}: the model puts spaces behind words (treat_whitespace_as_suffix), which is not read here; use another tokenizer");
        return file;
    }

    private void ReadModel(CodedInputStream model)
    {
        while (model.ReadTag() is var tag && tag != 0)
        {
            switch (WireFormat.GetTagFieldNumber(tag))
            {
                case 1: ReadPiece(model.ReadBytes().CreateCodedInput()); break;
                case 2: ReadTrainer(model.ReadBytes().CreateCodedInput()); break;
                case 3: ReadNormalizer(model.ReadBytes().CreateCodedInput()); break;
                default: model.SkipLastField(); break;
            }
        }
    }

    private void ReadPiece(CodedInputStream piece)
    {
        string text = "";
        float score = 0;
        int type = (int)PieceType.Normal;
        while (piece.ReadTag() is var tag && tag != 0)
        {
            switch (WireFormat.GetTagFieldNumber(tag))
            {
                case 1: text = piece.ReadString(); break;
                case 2: score = piece.ReadFloat(); break;
                case 3: type = piece.ReadInt32(); break;
                default: piece.SkipLastField(); break;
            }
        }
        Pieces.Add(new(text, score, (PieceType)type));
    }

    private void ReadTrainer(CodedInputStream trainer)
    {
        while (trainer.ReadTag() is var tag && tag != 0)
        {
            switch (WireFormat.GetTagFieldNumber(tag))
            {
                case 3: modelType = trainer.ReadInt32(); break;
                case 24: spaceAsSuffix = trainer.ReadBool(); break;
                case 35: ByteFallback = trainer.ReadBool(); break;
                case 47: EndPiece = trainer.ReadString(); break;
                default: trainer.SkipLastField(); break;
            }
        }
    }

    private void ReadNormalizer(CodedInputStream normalizer)
    {
        while (normalizer.ReadTag() is var tag && tag != 0)
        {
            switch (WireFormat.GetTagFieldNumber(tag))
            {
                case 2: rewritesText = normalizer.ReadBytes().Length > 0; break;
                case 3: DummyPrefix = normalizer.ReadBool(); break;
                case 4: RemoveExtraSpaces = normalizer.ReadBool(); break;
                case 5: EscapeSpaces = normalizer.ReadBool(); break;
                default: normalizer.SkipLastField(); break;
            }
        }
    }
}

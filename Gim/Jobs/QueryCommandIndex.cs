using System.Text.Json;
using Gim.Config;
using Gim.Index;
using Gim.Progress;
using Gim.Text;
using Gim.Text.Tokenizers;

namespace Gim.Jobs;

/// <summary>Opens the index and the tokenizer of a query.</summary>
internal static class QueryCommandIndex
{
    private const string Option = "--tokenizer";

    /// <summary>Opens the folders as one index.</summary>
    /// <exception cref="InputException">They hold no index, or what the options say does not fit.</exception>
    public static CorpusIndex Open(QueryRequest request, Tokenizer? tokenizer, IJobLog log, CancellationToken cancellation)
    {
        if (request.Folders.Count > 1)
            throw new InputException("several folders cannot be asked as one index yet; leave out --with and ask each on its own");
        if (request.Reversed)
            throw new InputException("an index of documents in reversed order cannot be opened yet; build the index in reading order");
        string folder = request.Folders[0];
        TokenWidth? width = request.TokenType is { } type ? TokenWidths.Parse(type, "--token-type") : null;
        int? eos = request.Eos;
        if (Directory.Exists(folder))
        {
            if (IndexManifest.Read(folder) is { } manifest)
            {
                Agree(folder, "--token-type", request.TokenType, manifest.TokenType);
                Agree(folder, "--eos", request.Eos, manifest.Eos);
            }
            else
            {
                // A bare folder does not say its end of text; the tokenizer's is what its builder was given.
                eos ??= tokenizer?.EndOfText;
                if (width is null || eos is null)
                    throw new InputException($"index in {folder} has no {IndexManifest.FileName}, so that its tokens are not known; say --token-type u8, u16 or u32, and --eos");
            }
            if (request.Verify)
                CorpusIndex.Verify(folder, log, cancellation);
        }
        return CorpusIndex.Open(folder, width, eos);
    }

    private static void Agree<T>(string folder, string option, T? given, T written)
    {
        if (given is not null && !given.Equals(written))
            throw new InputException($"index in {folder}: {option} says {given}, its {IndexManifest.FileName} says {written}; leave {option} out");
    }

    /// <summary>
    /// The tokenizer that an option names, else the one that gim.json names where that is part of the program; null where
    /// there is neither and queries are ids, which are then shown without text.
    /// </summary>
    /// <exception cref="InputException">There is none, or another made the index.</exception>
    public static Tokenizer? Tokenizer(QueryRequest request)
    {
        string folder = request.Folders[0];
        IndexManifest? manifest = Directory.Exists(folder) ? IndexManifest.Read(folder) : null;
        if (request.Tokenizer is { } named)
        {
            Tokenizer tokenizer = TokenizerFactory.Create(Parse(named));
            if (manifest is not null && manifest.Tokenizer.Hash != tokenizer.Hash)
                throw new InputException($"index in {folder} was tokenised with {Quote.OneLine(manifest.Tokenizer.Name)}, which is not the one of {Option} ({tokenizer.Name}); name that one");
            return tokenizer;
        }
        if (manifest is not null)
        {
            // By hash, since a name says little: the vocabulary may be another.
            var bytes = new ByteTokenizer();
            if (manifest.Tokenizer.Hash == bytes.Hash)
                return bytes;
            if (manifest.TokenType != TokenWidth.U8.Name() && new Gpt2Tokenizer() is var gpt2 && manifest.Tokenizer.Hash == gpt2.Hash)
                return gpt2;
        }
        if (request.Ids)
            return null;
        // A folder that is no index says so itself, rather than ask for a tokenizer first.
        if (manifest is null && !Directory.Exists(folder))
            throw new InputException($"index folder {folder} {(File.Exists(folder) ? "is a file: give the folder that the index is in" : "does not exist")}");
        string what = manifest is null ? $"has no {IndexManifest.FileName}" : $"was tokenised with {Quote.OneLine(manifest.Tokenizer.Name)}";
        throw new InputException($"index in {folder} {what}; say {Option}, by kind (gpt2, bytes) or as in a config, or give token ids with --ids");
    }

    /// <summary>A kind by name, or the object that a config would hold.</summary>
    private static TokenizerConfig Parse(string named)
    {
        var text = new ConfigText(Option, Environment.CurrentDirectory, IsFile: false);
        var place = new ConfigPlace(text, 1);
        ConfigNode value;
        if (named.AsSpan().TrimStart().StartsWith("{"))
        {
            try
            {
                value = ConfigParser.Parse(named, text);
            }
            catch (JsonException problem)
            {
                throw new InputException($"{Option} {Quote.Of(named)} is not JSON; write it as in a config, such as {{\"kind\":\"sentencepiece\",\"path\":\"tokenizer.model\"}}", problem);
            }
        }
        else
        {
            value = new ConfigNode(JsonValueKind.Object, place);
            value.Put("kind", new ConfigNode(JsonValueKind.String, place, named));
        }
        // As part of a config the value is checked like one.
        var root = new ConfigNode(JsonValueKind.Object, place);
        root.Put("task", new ConfigNode(JsonValueKind.String, place, "index"));
        root.Put("tokenizer", value);
        return ((IndexConfig)ConfigBinder.Bind(root)).Tokenizer;
    }
}

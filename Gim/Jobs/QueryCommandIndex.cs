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

    /// <summary>The folders that the request names, wildcards resolved, and what gim.json says in each.</summary>
    /// <exception cref="InputException">A folder is not there, or its gim.json cannot be read.</exception>
    public static IReadOnlyList<(string Folder, IndexManifest? Manifest)> Folders(QueryRequest request)
    {
        var folders = new List<(string, IndexManifest?)>();
        foreach (string folder in request.Folders.SelectMany(IndexFolders.Match))
        {
            if (!Directory.Exists(folder))
                throw new InputException($"index folder {Quote.OneLine(folder)} {(File.Exists(folder) ? "is a file: give the folder that the index is in" : "does not exist")}");
            folders.Add((folder, IndexManifest.Read(folder)));
        }
        return folders;
    }

    /// <summary>Opens the folders as one index.</summary>
    /// <exception cref="InputException">They hold no index, or what the options say does not fit.</exception>
    public static CorpusIndex Open(
        QueryRequest request, IReadOnlyList<(string Folder, IndexManifest? Manifest)> folders, Tokenizer? tokenizer, IJobLog log, CancellationToken cancellation)
    {
        TokenWidth? width = request.TokenType is { } type ? TokenWidths.Parse(type, "--token-type") : null;
        int? eos = request.Eos;
        foreach (var (folder, manifest) in folders)
        {
            if (manifest is not null)
            {
                Agree(folder, "--token-type", request.TokenType, manifest.TokenType);
                Agree(folder, "--eos", request.Eos, manifest.Eos);
                if (request.Reversed)
                    throw new InputException($"index in {folder} is stored in reading order, as its {IndexManifest.FileName} shows; leave --reversed out");
                continue;
            }
            // A bare folder does not say its end of text; the tokenizer's is what its builder was given.
            eos ??= tokenizer?.EndOfText;
            if (width is null || eos is null)
            {
                string missing = width is null && eos is null ? "--token-type u8, u16 or u32, and --eos" : width is null ? "--token-type u8, u16 or u32" : "--eos, the id of the end-of-text token";
                throw new InputException($"index in {folder} has no {IndexManifest.FileName}, so that its tokens are not known; say {missing}");
            }
        }
        if (request.Verify)
        {
            foreach (var (folder, _) in folders)
                CorpusIndex.Verify(folder, log, cancellation);
        }
        return CorpusIndex.Open([.. folders.Select(one => one.Folder)], width, eos, request.Reversed ? true : null);
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
    public static Tokenizer? Tokenizer(QueryRequest request, IReadOnlyList<(string Folder, IndexManifest? Manifest)> folders)
    {
        Tokenizer? tokenizer = request.Tokenizer is { } named ? TokenizerFactory.Create(Parse(named))
            : folders.Select(one => one.Manifest).FirstOrDefault(manifest => manifest is not null) is { } first ? BuiltIn(first) : null;
        foreach (var (folder, manifest) in folders)
        {
            if (tokenizer is not null && manifest is not null && manifest.Tokenizer.Hash != tokenizer.Hash)
            {
                string other = request.Tokenizer is null ? $"that of {folders[0].Folder}" : $"the one of {Option}";
                throw new InputException($"index in {folder} was tokenised with {Quote.OneLine(manifest.Tokenizer.Name)}, which is not {other} ({tokenizer.Name}); an index is asked by the tokenizer that made it");
            }
        }
        if (tokenizer is not null || request.Ids)
            return tokenizer;
        string what = folders[0].Manifest is { } made ? $"was tokenised with {Quote.OneLine(made.Tokenizer.Name)}" : $"has no {IndexManifest.FileName}";
        throw new InputException($"index in {folders[0].Folder} {what}; say {Option}, by kind (gpt2, bytes) or as in a config, or give token ids with --ids");
    }

    /// <summary>The tokenizer of an index where it is part of the program: by hash, since a name says little.</summary>
    private static Tokenizer? BuiltIn(IndexManifest manifest)
    {
        var bytes = new ByteTokenizer();
        if (manifest.Tokenizer.Hash == bytes.Hash)
            return bytes;
        // Reading its vocabulary takes a moment, which an index of bytes need not wait for.
        if (manifest.TokenType == TokenWidth.U8.Name())
            return null;
        var gpt2 = new Gpt2Tokenizer();
        return manifest.Tokenizer.Hash == gpt2.Hash ? gpt2 : null;
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

using System.Buffers.Binary;
using Gim.Progress;
using Parquet;
using Parquet.Schema;

namespace Gim.Text.Sources;

/// <summary>
/// Parquet files: each row of a text column is a document. A document's line is its row in the file.
/// </summary>
/// <remarks>
/// A path is a file, a folder (all .parquet files below it) or a pattern with <c>*</c>, <c>?</c>, <c>**</c>. One row
/// group of the one column is in memory at a time; other columns are not read, so documents have no metadata. The bytes
/// of each cell are checked here, because the Parquet reader would replace bytes that are not UTF-8 without a word.
/// Cells that are null or empty, not UTF-8 or too long are left out and counted.
/// </remarks>
public sealed class ParquetSource : FileSource
{
    private static readonly string[] Extensions = [".parquet"];
    private readonly string column;

    /// <param name="path">File, folder or pattern.</param>
    /// <param name="column">Name of the top-level column that holds the text.</param>
    /// <param name="maxDocumentBytes">Longer cells are left out.</param>
    /// <exception cref="InputException">The path finds nothing, or the column has no name.</exception>
    public ParquetSource(string path, string column = "text", int maxDocumentBytes = DocumentBytes.DefaultLimit)
        : base("parquet", path, column, Extensions, maxDocumentBytes)
    {
        if (column.Length == 0)
            throw new InputException($"column of '{path}' is empty: name the column that holds the text");
        this.column = column;
    }

    private protected override IDocumentReader Open(
        SourceFile file, SourceCounts counts, IJobProgress? progress, CancellationToken cancellation) =>
        new Reader(file, column, new DocumentBytes(MaxDocumentBytes), counts, progress, cancellation);

    private sealed class Reader(SourceFile file, string column, DocumentBytes bytes, SourceCounts counts,
        IJobProgress? progress, CancellationToken cancellation) : IDocumentReader
    {
        private readonly FileStream stream = OpenFile(file);
        private ParquetReader? parquet;
        private DataField? field;
        private int group;
        private long progressed;
        private ReadOnlyMemory<byte>?[] cells = [];
        private int cell;
        private long row;

        public Document? Next()
        {
            while (cell < cells.Length || NextGroup())
            {
                ReadOnlySpan<byte> text = cells[cell] is { } present ? present.Span : [];
                cells[cell++] = null;
                long line = row++;
                if (bytes.Decode(text, counts, file, line) is { } decoded)
                    return new Document(decoded, file.RelativePath, line);
            }
            return null;
        }

        public void Dispose()
        {
            // Closing a reader writes and waits for nothing.
            parquet?.DisposeAsync().AsTask().GetAwaiter().GetResult();
            stream.Dispose();
        }

        /// <summary>Reads the column of the next row group that has rows.</summary>
        private bool NextGroup()
        {
            try
            {
                if (parquet is null)
                    CheckFooter();
                parquet ??= ParquetReader.CreateAsync(stream, leaveStreamOpen: true, cancellationToken: cancellation)
                    .GetAwaiter().GetResult();
                field ??= Column(parquet.Schema);
                (cells, cell) = ([], 0);
                while (cells.Length == 0 && group < parquet.RowGroupCount)
                {
                    using var rows = parquet.OpenRowGroupReader(group++);
                    if (rows.RowCount is < 0 or > int.MaxValue / 2)
                        throw new InvalidDataException($"row group {group} claims {rows.RowCount} rows");
                    cells = new ReadOnlyMemory<byte>?[rows.RowCount];
                    Read(rows, field);
                    Advance(file.Length * group / parquet.RowGroupCount);
                }
                if (cells.Length == 0)
                    Advance(file.Length);
                return cells.Length > 0;
            }
            catch (Exception e) when (e is not (InputException or OperationCanceledException or OutOfMemoryException))
            {
                // The library reports damage by whatever its decoders run into: there is no one type to catch.
                throw new InputException($"file '{file.FullPath}' is not a readable parquet file "
                    + $"({e.Message.ReplaceLineEndings(" ").TrimEnd('.')}): fetch or write it again", e);
            }
        }

        /// <summary>The library believes the length of the footer and asks for so much memory.</summary>
        private void CheckFooter()
        {
            Span<byte> end = stackalloc byte[8];
            if (stream.Length < 12)
                throw new InvalidDataException($"it has only {stream.Length} bytes");
            stream.Position = stream.Length - end.Length;
            stream.ReadExactly(end);
            stream.Position = 0;
            uint footer = BinaryPrimitives.ReadUInt32LittleEndian(end);
            if (end[4..].SequenceEqual("PAR1"u8) && footer > stream.Length - 12)
                throw new InvalidDataException($"its footer claims {footer:N0} bytes of {stream.Length:N0}");
        }

        private void Read(ParquetRowGroupReader rows, DataField bytesField)
        {
            if (bytesField.IsNullable)
            {
                rows.ReadAsync<ReadOnlyMemory<byte>>(bytesField, cells.AsMemory(), null, cancellation)
                    .AsTask().GetAwaiter().GetResult();
                return;
            }
            var present = new ReadOnlyMemory<byte>[cells.Length];
            rows.ReadAsync<ReadOnlyMemory<byte>>(bytesField, present.AsMemory(), null, cancellation)
                .AsTask().GetAwaiter().GetResult();
            for (int i = 0; i < present.Length; i++)
                cells[i] = present[i];
        }

        /// <summary>The rows read are a share of the file, whatever part of it this one column is.</summary>
        private void Advance(long position)
        {
            progress?.Advance(position - progressed);
            progressed = position;
        }

        /// <summary>The text column, declared as bytes: the reader then gives them as they are in the file.</summary>
        private DataField Column(ParquetSchema schema)
        {
            var names = schema.Fields.Select(static f => f.Name).ToList();
            int i = names.IndexOf(column);
            if (i < 0)
            {
                string advice = NearestName.Of(column, names) is { } near
                    ? $"did you mean '{near}'?"
                    : "name the column that holds the text with \"column\"";
                throw new InputException($"'{file.FullPath}' has no column '{column}' (its columns are "
                    + $"{string.Join(", ", names)}): {advice}");
            }
            if (schema.Fields[i] is DataField { MaxRepetitionLevel: 0 } data
                && (data.ClrType == typeof(ReadOnlyMemory<char>) || data.ClrType == typeof(ReadOnlyMemory<byte>)
                    || data.ClrType == typeof(string) || data.ClrType == typeof(byte[])))
                return new ParquetSchema(new DataField<byte[]>(column, data.IsNullable)).DataFields[0];
            string type = schema.Fields[i] is DataField other ? other.ClrType.Name : schema.Fields[i].SchemaType.ToString();
            throw new InputException($"column '{column}' of '{file.FullPath}' holds {type}, not text: "
                + $"name a column of strings with \"column\" (its columns are {string.Join(", ", names)})");
        }

        private static FileStream OpenFile(SourceFile file)
        {
            try
            {
                return new FileStream(file.FullPath, FileMode.Open, FileAccess.Read, FileShare.Read);
            }
            catch (Exception e) when (SourceFile.IsFileError(e))
            {
                throw SourceFile.Unreadable(file.FullPath, e);
            }
        }
    }
}

using Gim.Text.Tokenizers;

namespace Gim.Tests.Text.Tokenizers;

public sealed class ByteTokenizerTests
{
    private static readonly ByteTokenizer Bytes = new();

    [Fact]
    public void Ids_are_the_bytes()
    {
        Assert.Equal([0x61, 0xc3, 0xa9, 0xf0, 0x9f, 0x98, 0x80], Bytes.Encode("aé😀"));
        Assert.Empty(Bytes.Encode(""));
        Assert.Equal(256, Bytes.VocabularySize);
        Assert.Equal(255, Bytes.EndOfText);
        Assert.Matches("^[0-9a-f]{64}$", Bytes.Hash);
    }

    [Fact]
    public void Random_text_round_trips_and_never_holds_the_end_of_text()
    {
        var random = new Random(42);
        for (int round = 0; round < 500; round++)
        {
            string text = round % 2 == 0 ? RandomText.Mixed(random, round) : RandomText.AllPlanes(random, round);
            int[] ids = Bytes.Encode(text);
            Assert.Equal(text, Bytes.Decode(ids));
            Assert.DoesNotContain(Bytes.EndOfText, ids);
        }
    }

    [Fact]
    public void Cut_characters_and_the_end_of_text_decode_to_U_FFFD()
    {
        Assert.Equal("a\ufffd", Bytes.Decode([0x61, 0xf0, 0x9f, 0x98]));
        Assert.Equal("a\ufffdb", Bytes.Decode([0x61, 255, 0x62]));
        Assert.Equal(Bytes.Encode("\ufffd"), Bytes.Encode("\ud83d"));
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(256)]
    public void Id_outside_the_vocabulary_is_refused(int id)
    {
        string message = Assert.Throws<InputException>(() => Bytes.Decode([id])).Message;
        Assert.Contains(id.ToString(), message, StringComparison.Ordinal);
        Assert.Contains("256", message, StringComparison.Ordinal);
    }
}

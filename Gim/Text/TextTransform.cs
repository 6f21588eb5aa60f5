namespace Gim.Text;

/// <summary>What is done to a source's text before it is tokenised for training.</summary>
internal enum TextTransform
{
    /// <summary>The text stays as it is written.</summary>
    None,

    /// <summary>Words and spaces alone, in lower case, as people write down speech: a model meets such text in transcripts.</summary>
    LowerCaseWithoutPunctuation,
}

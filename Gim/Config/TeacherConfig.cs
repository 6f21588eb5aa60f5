using System.ComponentModel;
using System.ComponentModel.DataAnnotations;

namespace Gim.Config;

/// <summary>A teacher to distil from.</summary>
[Description("A language model's next-token distributions: contexts that it expects the same tokens after are to be alike.")]
public sealed record TeacherConfig
{
    [ConfigPath]
    [Description("The file (*.safetensors) of a text's tokens and what the language model expects after each; the tokens are trained on.")]
    public required string Path { get; init; }

    [Range(1, 65_536)]
    [Description("Windows of each batch that are compared with all keys (published: 128).")]
    public int Queries { get; init; } = 128;

    [Range(2, 65_536)]
    [Description("Windows of each batch that all queries are compared with (published: 512).")]
    public int Keys { get; init; } = 512;
}

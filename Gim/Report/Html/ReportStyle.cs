using Gim.Match;

namespace Gim.Report.Html;

/// <summary>
/// How a report looks, in light and dark, on paper and on narrow screens. A token's line names its source (full, double or dotted, as
/// the hue does), a filled ground that it was right. Grounds are so faint that text on them keeps its contrast.
/// </summary>
internal static class ReportStyle
{
    public static string Text { get; } = $$"""
        :root {
          color-scheme: light dark;
          --ground: #fff; --card: #f6f7f8; --ink: #1b1e22; --faint: #565c64; --line: #c9ced4; --link: #00598c; --next: #fff1c9; --strong: 24%;
          --s0: {{SourceColors.Css(MatchSource.Corpus)}}; --s1: {{SourceColors.Css(MatchSource.Context)}}; --s2: {{SourceColors.Css(MatchSource.Similarity)}};
        }
        @media (prefers-color-scheme: dark) {
          :root { --ground: #15181b; --card: #1e2226; --ink: #e6e9ec; --faint: #a5adb5; --line: #444b52; --link: #7cc4f5; --next: #4a3d10; --strong: 42%; }
          .t, .dot { --lighter: 25%; }
        }
        * { box-sizing: border-box; }
        html { scroll-padding-top: 1rem; }
        body { margin: 0 auto; padding: 1rem clamp(.75rem, 3vw, 2.5rem) 4rem; max-width: 82rem; background: var(--ground); color: var(--ink); font: 16px/1.5 system-ui, sans-serif; }
        h1 { font-size: 1.6rem; line-height: 1.2; margin: .5rem 0; }
        h2 { font-size: 1.25rem; margin: 2.2rem 0 .5rem; }
        h3 { font-size: 1.05rem; margin: 1.4rem 0 .5rem; }
        h4 { font-size: .85rem; font-weight: 600; margin: 0 0 .4rem; color: var(--faint); }
        p { margin: .4rem 0; max-width: 60rem; }
        a { color: var(--link); }
        nav a { display: inline-block; margin-right: 1rem; padding: .15rem 0; }
        bdi, cite, h1, q, .passage, .context, .left, .right, .token, dd { overflow-wrap: anywhere; }
        .note, figcaption, .where, .hint { color: var(--faint); font-size: .85rem; }
        .wide { overflow-x: auto; }
        table { border-collapse: collapse; margin: .6rem 0; font-variant-numeric: tabular-nums; }
        caption { text-align: left; color: var(--faint); font-size: .85rem; padding-bottom: .2rem; }
        th, td { padding: .2rem .9rem .2rem 0; text-align: right; border-bottom: 1px solid var(--line); font-weight: 400; white-space: nowrap; }
        thead th { font-size: .85rem; color: var(--faint); }
        th:first-child { text-align: left; }
        .results tbody th { font-weight: 600; }
        .interval { color: var(--faint); font-size: .85rem; }
        .controls { border: 1px solid var(--line); border-radius: .4rem; display: flex; flex-wrap: wrap; gap: .3rem 1.1rem; margin: .8rem 0; padding: .3rem .8rem .5rem; }
        .controls legend { font-size: .85rem; color: var(--faint); padding: 0 .3rem; }
        .controls label { display: inline-flex; align-items: center; gap: .4rem; min-height: 1.8rem; cursor: pointer; }
        .controls input { width: 1.1rem; height: 1.1rem; margin: 0; }
        .number { color: var(--faint); font-variant-numeric: tabular-nums; font-size: .85rem; }
        .reader { display: grid; grid-template-columns: minmax(0, 1.35fr) minmax(20rem, 1fr); gap: 1.5rem; align-items: start; }
        figure { margin: 0 0 1.4rem; }
        .passage { font: .95rem/1.95 ui-monospace, "DejaVu Sans Mono", Consolas, monospace; white-space: pre-wrap; unicode-bidi: plaintext; padding: .6rem .8rem; border: 1px solid var(--line); border-radius: .4rem; }
        .passage .before { color: var(--faint); }
        .t { --own: var(--ink); border-bottom: 2px solid; border-color: color-mix(in srgb, var(--own), white var(--lighter, 0%)); border-radius: 2px; cursor: pointer; }
        .t.s0, .dot.s0, .meter.s0 { --own: var(--s0); }
        .t.s1, .dot.s1 { --own: var(--s1); }
        .t.s2, .dot.s2 { --own: var(--s2); }
        .t.s1 { border-bottom-style: double; border-bottom-width: 3px; }
        .t.s2 { border-bottom-style: dotted; }
        .t.ok { background: color-mix(in srgb, var(--own) var(--strong), transparent); }
        .key.t { cursor: inherit; padding: 0 .25rem; }
        .t.off { visibility: hidden; }
        .t.on { outline: 2px solid var(--ink); outline-offset: 1px; }
        .t.held { box-shadow: 0 0 0 2px var(--link); }
        :focus-visible { outline: 3px solid var(--link); outline-offset: 2px; }
        .dot { display: inline-block; width: .7em; height: .7em; border-radius: 50%; background: color-mix(in srgb, var(--own), white var(--lighter, 0%)); margin-right: .4em; }
        .panel { min-width: 0; position: sticky; top: .75rem; max-height: calc(100vh - 1.5rem); overflow: auto; background: var(--card); border: 1px solid var(--line); border-radius: .4rem; padding: .7rem .9rem; font-size: .9rem; }
        .cards { display: grid; grid-template-columns: repeat(auto-fill, minmax(min(27rem, 100%), 1fr)); gap: 1rem; }
        .card { background: var(--card); border: 1px solid var(--line); border-radius: .4rem; padding: .7rem .9rem; font-size: .9rem; min-width: 0; position: relative; }
        .card button { position: absolute; top: .5rem; right: .5rem; }
        button { font: inherit; font-size: .85rem; color: var(--ink); background: var(--ground); border: 1px solid var(--faint); border-radius: .3rem; min-height: 1.7rem; padding: 0 .6rem; cursor: pointer; }
        .token { font-family: ui-monospace, "DejaVu Sans Mono", Consolas, monospace; white-space: pre-wrap; background: var(--ground); border: 1px solid var(--line); border-radius: .2rem; padding: 0 .15rem; }
        .context, q, .left, .right { font-family: ui-monospace, "DejaVu Sans Mono", Consolas, monospace; font-size: .85rem; white-space: pre-wrap; unicode-bidi: plaintext; }
        strong.no { text-decoration: underline dotted; }
        .top { list-style: none; margin: .5rem 0; padding: 0; }
        .top li { display: flex; gap: .5rem; align-items: baseline; min-height: 1.6rem; }
        .top .number { margin-left: auto; }
        .came { font-size: .8rem; font-weight: 600; }
        .other { color: var(--faint); }
        .meter { flex: none; width: 5rem; height: .6rem; background: var(--ground); border: 1px solid var(--line); }
        .meter rect { fill: var(--faint); }
        .answers { font-size: .85rem; width: 100%; }
        .answers th, .answers td { padding-right: .5rem; }
        .answers th:last-child, .answers td:last-child { padding-right: 0; }
        .answers th, .answers td { white-space: normal; vertical-align: baseline; }
        .answers .chosen th, .answers .chosen td { font-weight: 700; }
        .quotes { list-style: none; margin: .5rem 0; padding: 0; }
        .quotes li { margin: 0 0 .6rem; }
        .where { display: block; }
        cite { font-style: normal; }
        q { quotes: none; display: block; }
        .m { text-decoration: underline; text-decoration-thickness: 2px; text-underline-offset: 3px; }
        .n { background: var(--next); border: 1px solid var(--faint); border-radius: .2rem; padding: 0 .1rem; }
        .pair { display: grid; align-items: end; grid-template-columns: minmax(0, 3fr) minmax(0, 2fr); column-gap: .3rem; }
        .pair .where { grid-column: 1 / -1; }
        .left { text-align: right; }
        .pair .right { text-align: left; }
        .asked { border-bottom: 1px dashed var(--line); padding-bottom: .4rem; margin: .5rem 0; }
        .pictures { columns: 2 30rem; column-gap: 1.2rem; }
        .picture { break-inside: avoid; }
        .picture svg { display: block; width: 100%; max-width: 45rem; height: auto; background: #fff; border: 1px solid var(--line); border-radius: .4rem; }
        dl { display: grid; grid-template-columns: max-content minmax(0, 1fr); gap: .15rem 1.2rem; }
        dt { color: var(--faint); }
        dd { margin: 0; }
        pre { overflow: auto; background: var(--card); border: 1px solid var(--line); padding: .7rem; font-size: .8rem; white-space: pre-wrap; overflow-wrap: anywhere; }
        @media (max-width: 60rem) {
          .reader { grid-template-columns: minmax(0, 1fr); }
          .t { scroll-margin-bottom: 50vh; }
          .panel { top: auto; bottom: 0; max-height: 45vh; box-shadow: 0 -4px 12px #0003; }
        }
        @media (max-width: 30rem) {
          body { font-size: 15px; }
          dl { grid-template-columns: minmax(0, 1fr); }
          dt { margin-top: .4rem; }
          .answers th:nth-child(3), .answers td:nth-child(3) { display: none; }
        }
        @media print {
          :root { --ground: #fff; --card: #fff; --ink: #000; --faint: #444; --line: #bbb; --next: #fff1c9; --strong: 24%; color-scheme: light; }
          .t, .dot { --lighter: 0%; }
          html { font-size: 11px; }
          body { font-size: 1rem; max-width: none; padding: 0; }
          .wide { overflow: visible; }
          th, td { padding-right: .5rem; }
          nav, .controls input, .panel, details, .card button { display: none; }
          .reader { display: block; }
          .t, .n, .dot, .meter, .meter rect { print-color-adjust: exact; -webkit-print-color-adjust: exact; }
          .cards { display: block; columns: 2; }
          .card { margin-bottom: 1rem; }
          .card, .picture, tr { break-inside: avoid; }
          h2, h3 { break-after: avoid; }
        }
        @media (prefers-reduced-motion: no-preference) { html { scroll-behavior: smooth; } }

        """;
}

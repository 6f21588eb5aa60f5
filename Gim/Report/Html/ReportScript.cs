namespace Gim.Report.Html;

/// <summary>
/// What a report's page does: shows the evidence of the token that is pointed at or in focus, keeps that of tokens that are clicked,
/// and hides tokens by source and outcome. Texts become text nodes, never markup; without the script everything but this works.
/// </summary>
internal static class ReportScript
{
    public static string Text { get; } = """
        'use strict';
        (() => {
          const longest = 60;
          const data = JSON.parse(document.getElementById('data').textContent);
          const panel = document.getElementById('panel');
          if (!panel) return;
          const passages = [...document.querySelectorAll('.passage')];
          const kept = document.getElementById('kept'), pinned = document.getElementById('pinned');
          const cards = new Map();
          let current = null, held = null, shown = null;

          const element = (tag, name, ...content) => {
            const made = document.createElement(tag);
            if (name) made.className = name;
            made.append(...content);
            return made;
          };
          const svg = (tag, attributes) => {
            const made = document.createElementNS('http://www.w3.org/2000/svg', tag);
            for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
            return made;
          };
          const shorten = text => {
            if (text.length <= longest) return text;
            const last = text.charCodeAt(longest - 1);
            return text.slice(0, last >= 0xd800 && last < 0xdc00 ? longest - 1 : longest) + '…';
          };
          const percent = share => (100 * share).toFixed(1) + ' %';
          const count = number => number.toLocaleString('en-US');
          const token = number => element('bdi', 'token', number < 0 ? 'none' : shorten(data.tokens[number]));
          const auto = (tag, name, ...content) => {
            const made = element(tag, name, ...content);
            made.dir = 'auto';
            return made;
          };

          const meter = share => {
            const made = svg('svg', { class: 'meter', viewBox: '0 0 100 8', preserveAspectRatio: 'none', 'aria-hidden': 'true' });
            made.append(svg('rect', { width: (100 * share).toFixed(1), height: 8 }));
            return made;
          };

          const likeliest = entry => {
            const list = element('ol', 'top');
            for (let i = 0; i < entry.top.length; i += 2) {
              const line = element('li', '', meter(entry.top[i + 1]), token(entry.top[i]));
              if (entry.top[i] === entry.target) line.append(element('span', 'came', 'came'));
              line.append(element('span', 'number', percent(entry.top[i + 1])));
              list.append(line);
            }
            if (entry.others) {
              list.append(element('li', '', meter(entry.rest), element('span', 'other', count(entry.others) + (entry.others === 1 ? ' other token' : ' other tokens')),
                element('span', 'number', percent(entry.rest))));
            }
            return list;
          };

          const answers = entry => {
            const confident = entry.threshold === undefined;
            const head = element('tr', '');
            for (const name of ['source', 'matched', 'places', 'answer', confident ? 'right before' : 'probability']) {
              const cell = element('th', '', name);
              cell.scope = 'col';
              head.append(cell);
            }
            const body = element('tbody', '');
            for (const [source, matched, places, answer, probability, confidence] of entry.answers) {
              const name = element('th', '', element('span', 'dot s' + source), data.sources[source]);
              name.scope = 'row';
              const last = confident ? (confidence < 0 ? '' : percent(confidence)) : (answer < 0 ? '' : percent(probability));
              body.append(element('tr', source === entry.source ? 'chosen' : '', name, element('td', '', source === 2 ? '–' : count(matched)),
                element('td', '', count(places)), element('td', '', token(answer)), element('td', '', last)));
            }
            return element('table', 'answers', element('caption', '', 'what each part answered'), element('thead', '', head), body);
          };

          const quotes = entry => {
            const parts = document.createDocumentFragment(), fuzzy = entry.source === 2;
            if (fuzzy) {
              parts.append(element('div', 'pair asked', element('span', 'where', 'the context ends with'),
                auto('span', 'left', element('span', 'm', entry.asked)), auto('span', 'right', element('b', 'n', shorten(data.tokens[entry.target])))));
            }
            const list = element('ul', 'quotes');
            for (const [document, where, before, match, next, after] of entry.quotes) {
              const place = element('span', 'where');
              if (document >= 0) place.append(element('cite', '', element('bdi', '', data.documents[document])), ', ');
              place.append(where);
              const matched = element('span', 'm', match), followed = element('b', 'n', next);
              list.append(fuzzy
                ? element('li', '', element('div', 'pair', place, auto('span', 'left', before, matched), auto('span', 'right', followed, after)))
                : element('li', '', place, auto('q', '', before, matched, followed, after)));
            }
            parts.append(list);
            if (entry.notShown) parts.append(element('p', 'note', count(entry.notShown) + (entry.notShown === 1 ? ' more place' : ' more places') + ' not shown.'));
            return parts;
          };

          const evidence = entry => {
            const parts = document.createDocumentFragment();
            const context = auto('p', 'context', entry.before, element('b', 'n', shorten(data.tokens[entry.target])));
            const outcome = element('strong', entry.right ? 'ok' : 'no', entry.right ? '✓ right' : '✗ wrong');
            parts.append(context, element('p', '', token(entry.target), ' came, given ' + percent(entry.p) + ': ', outcome), element('p', 'why', entry.why), likeliest(entry));
            if (entry.answers) parts.append(answers(entry));
            if (entry.threshold !== undefined && entry.threshold <= 1000000)
              parts.append(element('p', 'note', 'A match is trusted from ' + count(entry.threshold) + ' tokens on.'));
            if (entry.quotes) parts.append(quotes(entry));
            return parts;
          };

          const entryOf = span => data.passages[Number(span.dataset.passage)][Number(span.dataset.number)];
          const tokens = passages.map((passage, number) => [...passage.querySelectorAll('.t')].map((span, i) => {
            const entry = data.passages[number][i];
            span.dataset.passage = number;
            span.dataset.number = i;
            span.tabIndex = i === 0 ? 0 : -1;
            span.setAttribute('role', 'button');
            span.setAttribute('aria-pressed', 'false');
            span.setAttribute('aria-label', (shorten(data.tokens[entry.target]).trim() || 'space') + ', ' + (entry.right ? 'right' : 'wrong') + ', ' + data.sources[entry.source]);
            return span;
          }));
          const all = tokens.flat();

          const show = span => {
            if (span === shown) return;
            if (shown) shown.classList.remove('on');
            shown = span;
            span.classList.add('on');
            panel.replaceChildren(evidence(entryOf(span)));
            panel.scrollTop = 0;
          };
          const focusable = span => {
            for (const other of tokens[Number(span.dataset.passage)]) other.tabIndex = other === span ? 0 : -1;
          };
          const go = span => {
            focusable(span);
            current = span;
            span.focus();
            show(span);
          };
          const hold = span => {
            if (cards.has(span)) {
              cards.get(span).remove();
              cards.delete(span);
              span.classList.remove('held');
              span.setAttribute('aria-pressed', 'false');
              if (held === span) held = null;
            } else {
              const button = element('button', '', 'Remove');
              const card = element('article', 'card', element('h4', '', 'kept from the text'), evidence(entryOf(span)), button);
              button.type = 'button';
              button.addEventListener('click', () => { hold(span); span.focus(); });
              cards.set(span, card);
              kept.append(card);
              span.classList.add('held');
              span.setAttribute('aria-pressed', 'true');
              held = span;
            }
            pinned.hidden = cards.size === 0;
          };
          const visible = span => !span.classList.contains('off');
          const step = (span, by) => {
            const row = tokens[Number(span.dataset.passage)];
            let i = Number(span.dataset.number) + by;
            while (i >= 0 && i < row.length && !visible(row[i])) i += by;
            return row[i];
          };
          // The token nearest to this one on the next line, or the one before.
          const line = (span, by) => {
            const from = span.getClientRects()[0], middle = from.left + from.width / 2;
            let best = null, bestLine = null, distance = Infinity;
            for (let other = step(span, by); other; other = step(other, by)) {
              const box = other.getClientRects()[0];
              if (Math.abs(box.top - from.top) < 5) continue;
              bestLine ??= box.top;
              if (Math.abs(box.top - bestLine) >= 5) break;
              const off = Math.abs(box.left + box.width / 2 - middle);
              if (off < distance) [best, distance] = [other, off];
            }
            return best;
          };

          const onKey = (event, span) => {
            const row = tokens[Number(span.dataset.passage)].filter(visible);
            // In text from right to left the arrows move as they point.
            const forward = getComputedStyle(span.parentElement).direction === 'rtl' ? -1 : 1;
            let to = null;
            switch (event.key) {
              case 'ArrowRight': to = step(span, forward); break;
              case 'ArrowLeft': to = step(span, -forward); break;
              case 'ArrowDown': to = line(span, 1); break;
              case 'ArrowUp': to = line(span, -1); break;
              case 'Home': to = row[0]; break;
              case 'End': to = row[row.length - 1]; break;
              case 'Enter': case ' ': hold(span); break;
              case 'Escape': held = null; break;
              default: return;
            }
            event.preventDefault();
            if (to) go(to);
          };

          // A page that scrolls under a mouse at rest is not pointed at.
          let place = '';
          const moved = event => {
            const before = place;
            place = event.screenX + ' ' + event.screenY;
            return place !== before;
          };
          document.addEventListener('mousemove', moved);

          for (const passage of passages) {
            const tokenOf = event => event.target.closest('.t');
            passage.addEventListener('mouseover', event => { const span = tokenOf(event); if (moved(event) && span && !held) show(span); });
            passage.addEventListener('mouseleave', event => { const back = held ?? current; if (moved(event) && back) show(back); });
            passage.addEventListener('focusin', event => { const span = tokenOf(event); if (span) { current = span; focusable(span); show(span); } });
            passage.addEventListener('click', event => { const span = tokenOf(event); if (span) { go(span); hold(span); } });
            passage.addEventListener('keydown', event => { const span = tokenOf(event); if (span) onKey(event, span); });
          }

          const filters = [...document.querySelectorAll('.controls input')];
          const filter = () => {
            const off = name => new Set(filters.filter(box => box.dataset[name] !== undefined && !box.checked).map(box => Number(box.dataset[name])));
            const sources = off('source'), outcomes = off('right');
            for (const span of all) {
              const entry = entryOf(span);
              span.classList.toggle('off', sources.has(entry.source) || outcomes.has(entry.right ? 1 : 0));
            }
            // What is hidden cannot be in focus: Tab reaches the first that is not.
            for (const row of tokens) {
              const first = row.find(span => span.tabIndex === 0 && visible(span)) ?? row.find(visible);
              if (first) focusable(first);
            }
          };
          for (const box of filters) box.addEventListener('change', filter);
          // A browser may restore boxes of an earlier visit.
          filter();
          if (all.length > 0) show(all[0]);
        })();

        """;
}

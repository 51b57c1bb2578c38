import type { Evidence, FilledForm } from './form.ts';
import { moment } from './moments.ts';
import { type Block, both, type Cell, cell, heading, heads, line, text } from './sheet.ts';
import { marks, say, words } from './words.ts';

/** 附件四: every piece of evidence by number, with its hash and its three dates. */
export function annexEvidence(filled: FilledForm): Block[] {
  const { lang, evidence, document } = filled;
  if (evidence.length === 0) return [heading(filled, 'annex4'), { kind: 'lines', lines: both(filled, words.none) }];
  const zone = line(`${say(lang, 'time-zone')}${marks[lang].is}${document.timeZone}`, 'quiet');
  return [
    heading(filled, 'annex4'),
    { kind: 'lines', lines: [zone] },
    {
      kind: 'table',
      columns: [8, 27, 29, 12, 12, 12],
      head: heads(filled, ['no', 'evidence-what', 'digest', 'observed-at', 'received-at', 'valid-until']),
      rows: evidence.map((one) => evidenceRow(filled, one)),
      dense: true,
      together: false,
    },
  ];
}

function evidenceRow({ lang, document: { timeZone } }: FilledForm, one: Evidence): Cell[] {
  const none = say(lang, 'nothing');
  const at = (iso: string | null) => cell([line(iso === null ? none : moment(iso, timeZone))]);
  return [
    cell([line(String(one.no))]),
    cell([
      ...text(one.title, 'strong'),
      line(one.kind[lang], 'quiet'),
      ...text(`${say(lang, 'source')}${marks[lang].is}${one.source}`, 'quiet'),
    ]),
    cell([one.sha256 === null ? line(none) : line(one.sha256, 'digest')]),
    at(one.observedAt),
    at(one.receivedAt),
    at(one.validUntil),
  ];
}

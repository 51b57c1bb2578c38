import { type FilledForm, officialOf, type Signatory } from './form.ts';
import { moment } from './moments.ts';
import { type Block, blank, both, type Cell, cell, line, nameCell, text } from './sheet.ts';
import { words } from './words.ts';

/** The conclusion, who answers for it and by which key, and the place for the seal. */
export function closing(filled: FilledForm): Block[] {
  const { lang, conclusion } = filled;
  return [
    {
      kind: 'table',
      columns: [30, 70],
      head: [[nameCell(both(filled, words.closing, 'strong'), 2)]],
      rows: [[nameCell(both(filled, words.conclusion)), cell(conclusion?.trim() ? text(conclusion) : blank(lang, 3))]],
      dense: false,
      // A long one could be higher than a page.
      together: (conclusion ?? '').length < 800,
    },
    signatures(filled),
  ];
}

function signatures(filled: FilledForm): Block {
  const { signatories } = filled;
  const people = signatories.length > 0 ? signatories : [nobody];
  const withKeys = people.some(({ fingerprint }) => fingerprint != null);
  const heads = ['role', 'name', 'signed-at', ...(withKeys ? (['fingerprint'] as const) : [])] as const;
  const columns = withKeys ? [22, 20, 21, 37] : [30, 40, 30];
  return {
    kind: 'table',
    columns,
    head: [heads.map((key) => nameCell(both(filled, words[key], 'strong')))],
    rows: [
      ...people.map((person) => signatureRow(filled, person, withKeys)),
      // Elsewhere reports are signed, not sealed.
      ...(officialOf(filled) === 'zh' ? [sealRow(filled, columns.length - 1)] : []),
    ],
    dense: false,
    together: people.length <= 10,
  };
}

const nobody: Signatory = { role: '', name: '', signedAt: null };

function signatureRow(filled: FilledForm, person: Signatory, withKeys: boolean): Cell[] {
  const { lang, document } = filled;
  const { role, name, signedAt, fingerprint } = person;
  const key = fingerprint == null ? line(words.nothing[lang], 'quiet') : line(fingerprint, 'digest');
  return [
    nameCell(role.trim() ? text(role) : both(filled, words.signature)),
    cell(name.trim() ? text(name) : blank(lang)),
    cell(
      signedAt === null
        ? both(filled, words.unsigned, 'quiet')
        : [line(`✓ ${words.signed[lang]}`, 'conforms'), line(moment(signedAt, document.timeZone))],
    ),
    ...(withKeys ? [cell([key])] : []),
  ];
}

function sealRow(filled: FilledForm, span: number): Cell[] {
  const lines = [...blankSpace(), ...both(filled, words.seal, 'quiet'), ...blankSpace()];
  return [nameCell(both(filled, words['seal-label'])), cell(lines, span)];
}

/** Room for a round seal of 4 cm. */
function blankSpace() {
  return text('\n\n');
}

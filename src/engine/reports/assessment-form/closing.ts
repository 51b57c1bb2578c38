import { type FilledForm, officialOf, type Signatory } from './form.ts';
import { type Block, blank, both, type Cell, cell, nameCell, text } from './sheet.ts';
import { words } from './words.ts';

/** The conclusion, who answers for it, and the place for the seal. */
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
  const heads = ['role', 'name', 'signature'] as const;
  const columns = [30, 40, 30];
  return {
    kind: 'table',
    columns,
    head: [heads.map((key) => nameCell(both(filled, words[key], 'strong')))],
    rows: [
      ...(signatories.length > 0 ? signatories : [nobody]).map((person) => signatureRow(filled, person)),
      // Elsewhere reports are signed, not sealed.
      ...(officialOf(filled) === 'zh' ? [sealRow(filled, columns.length - 1)] : []),
    ],
    dense: false,
    together: signatories.length <= 10,
  };
}

const nobody: Signatory = { role: '', name: '' };

function signatureRow(filled: FilledForm, { role, name }: Signatory): Cell[] {
  const { lang } = filled;
  return [
    nameCell(role.trim() ? text(role) : both(filled, words.signature)),
    cell(name.trim() ? text(name) : blank(lang)),
    // By hand on paper; by key apart from it.
    cell(name.trim() ? both(filled, words['signed-apart'], 'quiet') : blank(lang)),
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

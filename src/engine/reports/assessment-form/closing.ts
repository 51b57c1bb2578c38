import type { FilledForm } from './form.ts';
import { moment } from './moments.ts';
import { type Block, blank, both, cell, nameCell, text } from './sheet.ts';
import { words } from './words.ts';

/** The conclusion, who answers for it, and the place for the seal. */
export function closing({ lang, conclusion, signatories, document }: FilledForm): Block[] {
  const name = (key: 'conclusion' | 'signature' | 'signed-at' | 'seal-label') => nameCell(both(lang, words[key]));
  const people = signatories.length > 0 ? signatories : [{ role: '', name: '', signedAt: null }];
  return [
    {
      kind: 'table',
      columns: [30, 32, 14, 24],
      head: [[nameCell(both(lang, words.closing, 'strong'), 4)]],
      rows: [
        [name('conclusion'), cell(conclusion?.trim() ? text(conclusion) : blank(lang, 3), 3)],
        ...people.map((person) => [
          person.role.trim() ? nameCell(text(person.role)) : name('signature'),
          cell(person.name.trim() ? text(person.name) : blank(lang)),
          name('signed-at'),
          cell(
            person.signedAt === null
              ? both(lang, words.unsigned, 'quiet')
              : text(moment(person.signedAt, document.timeZone)),
          ),
        ]),
        [name('seal-label'), cell([...blankSpace(), ...both(lang, words.seal, 'quiet'), ...blankSpace()], 3)],
      ],
      dense: false,
      together: (conclusion ?? '').length < 800 && people.length <= 10,
    },
  ];
}

/** Room for a round seal of 4 cm. */
function blankSpace() {
  return text('\n\n');
}

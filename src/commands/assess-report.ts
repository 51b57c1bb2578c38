import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { AssessmentRecord } from '../contract/assessment.ts';
import { type Lang, langs } from '../contract/lang.ts';
import type { RegisterDocument } from '../contract/register-document.ts';
import type { Requirement, Rulebook } from '../contract/rulebook.ts';
import { fillForm } from '../engine/reports/assessment-form/fill.ts';
import { officialOf } from '../engine/reports/assessment-form/form.ts';
import { withSheets } from '../engine/reports/assessment-form/sheets.ts';
import { fileNames } from '../engine/reports/oscal/file-names.ts';
import { oscalOf } from '../engine/reports/oscal/oscal.ts';
import type { Subject } from './assess-subject.ts';
import { writeWhole } from './write-whole.ts';

/**
 * Writes the report in the form of each rulebook that has one, and for a jurisdiction without any in a plain one; to be read in both languages and edited in the official one, and the same
 * as OSCAL for other programs. The record lies in the folder already.
 */
export async function writeReports(
  record: AssessmentRecord,
  { service, company }: Pick<Subject, 'service'> & { company: RegisterDocument['company'] },
  rulebooks: readonly { rulebook: Rulebook; requirements: readonly Requirement[]; triggers: readonly string[] }[],
  { out, lang: own }: { out: string; lang: Lang },
): Promise<string[]> {
  const requirements = rulebooks.flatMap((one) => one.requirements);
  const books = rulebooks.map(({ rulebook }) => rulebook);
  const files: string[] = [];
  for (const { rulebook, triggers } of withSheets(rulebooks)) {
    // The compiler is 50 MB of native code, wanted only now.
    const { contentHash, renderDocx, renderPdf } = await import('../engine/reports/assessment-form/assessment-form.ts');
    const filling = {
      ...{ record, rulebook, rulebooks: books, requirements, triggers },
      ...{ company, service },
    };
    const editions = langs.map((lang) => fillForm({ ...filling, lang }));
    const official = editions.find((one) => one.lang === officialOf(one));
    for (const filled of editions) {
      const name = join(out, `${rulebook.id}.${filled.lang}`);
      const copy = official && filled !== official ? { officialHash: contentHash(official) } : {};
      writeWhole(`${name}.pdf`, await renderPdf({ ...filled, ...copy }));
      files.push(`${name}.pdf`);
      if (filled !== official) continue;
      writeWhole(`${name}.docx`, await renderDocx(filled));
      files.push(`${name}.docx`);
    }
  }
  const recordSha256 = createHash('sha256')
    .update(readFileSync(join(out, 'assessment.json')))
    .digest('hex');
  const documents = oscalOf({
    ...{ record, recordSha256, rulebooks: books, company, service, lang: own },
    timeZone: books[0]?.timeZone ?? 'UTC',
  });
  const names = fileNames(own);
  for (const part of ['plan', 'results', 'poam'] as const) {
    // Without hazards there is no plan of action.
    if (documents[part] === null) continue;
    const path = join(out, names[part]);
    writeWhole(path, `${JSON.stringify(documents[part], null, 2)}\n`);
    files.push(path);
  }
  return files;
}

import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { AssessmentRecord } from '../contract/assessment.ts';
import { type Lang, langs } from '../contract/lang.ts';
import type { RegisterDocument } from '../contract/register-document.ts';
import type { Requirement, Rulebook } from '../contract/rulebook.ts';
import { fillForm } from '../engine/reports/assessment-form/fill.ts';
import { fileNames } from '../engine/reports/oscal/file-names.ts';
import { oscalOf } from '../engine/reports/oscal/oscal.ts';
import type { Subject } from './assess-subject.ts';
import { writeWhole } from './write-whole.ts';

/**
 * Writes the report in the form of each rulebook that has one, to be read in both languages and edited in the official one, and the same
 * as OSCAL for other programs. The record lies in the folder already.
 */
export async function writeReports(
  record: AssessmentRecord,
  { service, company }: Pick<Subject, 'service'> & { company: RegisterDocument['company'] },
  rulebooks: readonly { rulebook: Rulebook; requirements: readonly Requirement[]; triggers: readonly string[] }[],
  { out, lang: own }: { out: string; lang: Lang },
): Promise<string[]> {
  const requirements = rulebooks.flatMap((one) => one.requirements);
  const files: string[] = [];
  for (const { rulebook, triggers } of rulebooks) {
    const { form } = rulebook;
    if (!form) continue;
    // The compiler is 50 MB of native code, wanted only now.
    const { renderDocx, renderPdf } = await import('../engine/reports/assessment-form/assessment-form.ts');
    for (const lang of langs) {
      const filling = { record, rulebook: { ...rulebook, form }, requirements, triggers, company, service, lang };
      const filled = fillForm(filling);
      const name = join(out, `${rulebook.id}.${lang}`);
      writeWhole(`${name}.pdf`, await renderPdf(filled));
      files.push(`${name}.pdf`);
      if (lang !== 'zh') continue;
      writeWhole(`${name}.docx`, await renderDocx(filled));
      files.push(`${name}.docx`);
    }
  }
  const recordSha256 = createHash('sha256')
    .update(readFileSync(join(out, 'assessment.json')))
    .digest('hex');
  const books = rulebooks.map(({ rulebook }) => rulebook);
  const documents = oscalOf({ record, recordSha256, rulebooks: books, company, service, lang: own });
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

import { join } from 'node:path';
import type { AssessmentRecord } from '../contract/assessment.ts';
import { langs } from '../contract/lang.ts';
import type { RegisterDocument } from '../contract/register-document.ts';
import type { Requirement, Rulebook } from '../contract/rulebook.ts';
import { fillForm } from '../engine/reports/assessment-form/fill.ts';
import type { Subject } from './assess-subject.ts';
import { writeWhole } from './write-whole.ts';

/** Writes the report in the form of each rulebook that has one: to be read in both languages, to be edited in the official one. */
export async function writeReports(
  record: AssessmentRecord,
  { service, company }: Pick<Subject, 'service'> & { company: RegisterDocument['company'] },
  rulebooks: readonly { rulebook: Rulebook; requirements: readonly Requirement[]; triggers: readonly string[] }[],
  { out }: { out: string },
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
  return files;
}

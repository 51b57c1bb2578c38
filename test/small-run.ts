import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { stringify } from 'yaml';
import { type AssessmentRecord, assessmentRecordSchema } from '../src/contract/assessment.ts';
import { newFolder } from './new-folder.ts';
import type { SmallService } from './small-service.ts';

/** A clearmirror.yaml of the small service, and the words of a run over it that only asks whether labels survive. */
export function prepareSmallRun(target: unknown, { folder = newFolder(), samples = 14 } = {}) {
  const file = join(folder, 'clearmirror.yaml');
  const small = {
    ...{ slug: 'small', name: { en: 'A small service' }, type: 'site', jurisdictions: ['cn'], features: ['image_gen'] },
    target,
  };
  writeFileSync(file, stringify({ schema: 'clearmirror.register/1', services: [small] }));
  const out = join(folder, 'report');
  const of = ['assess', file, '--rulebook', 'cn-2025-labelling', '--out', out];
  return { file, out, words: [...of, '--samples', String(samples), '--only', 'labels-survive'] };
}

export const readRecord = (out: string): AssessmentRecord =>
  assessmentRecordSchema.parse(JSON.parse(readFileSync(join(out, 'assessment.json'), 'utf8')));

export const publications = ({ asked }: SmallService) => asked.filter((one) => one === 'POST /items').length;

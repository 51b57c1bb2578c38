import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { SampleFormat, Target } from '../src/contract/target.ts';
import { readRegisterDocument } from '../src/engine/register/read-document.ts';
import { root } from './clearmirror.ts';

/** The target of the sample platform, as a server takes it: values of secrets apart. */
export function platformTarget(
  url: string,
  formats: SampleFormat[],
): { target: Target & { secrets: object }; secrets: Record<string, string> } {
  const folder = join(root, 'demo/shimmer');
  const { document } = readRegisterDocument(readFileSync(join(folder, 'clearmirror.yaml'), 'utf8'), 'en');
  const target = document?.services?.find((one) => one.target !== undefined)?.target;
  if (!target?.publish) throw new Error('the demo names no target');
  const secrets = Object.entries(target.secrets).map(([name, where]) => {
    const file = 'file' in where ? where.file : '';
    return [name, readFileSync(join(folder, file), 'utf8').trim()];
  });
  return {
    target: { ...target, hosts: [url], secrets: {}, publish: { ...target.publish, formats } },
    secrets: Object.fromEntries(secrets),
  };
}

import { readFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import type { Lang } from '../../../contract/lang.ts';
import type { Target } from '../../../contract/target.ts';
import { errorCode } from '../../../platform/error-code.ts';
import { refuse } from '../refusal.ts';

/** Reads what the target names. Files lie beside the document that names them. */
export function readSecrets(
  { secrets }: Target,
  {
    variables,
    document,
    lang,
  }: { variables: Readonly<Record<string, string | undefined>>; document: string; lang: Lang },
): Record<string, string> {
  return Object.fromEntries(
    Object.entries(secrets).map(([name, where]) => {
      const value = 'env' in where ? variables[where.env] : readSecretFile(where.file, { name, document, lang });
      if (value === undefined || value === '')
        throw refuse(lang, 'secret-missing', { name, where: Object.values(where).join() });
      // A header would break on it, and a request could be smuggled.
      if (!/^[\x21-\x7e]+( [\x21-\x7e]+)*$/.test(value)) throw refuse(lang, 'secret-broken', { name });
      return [name, value];
    }),
  );
}

function readSecretFile(
  file: string,
  { name, document, lang }: { name: string; document: string; lang: Lang },
): string {
  try {
    return readFileSync(resolve(dirname(document), file), 'utf8').trim();
  } catch (error) {
    throw refuse(lang, 'secret-missing', { name, where: `${file} (${errorCode(error) ?? '?'})` }, error);
  }
}

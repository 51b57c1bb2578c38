import { readdirSync } from 'node:fs';
import { flushCompileCache } from 'node:module';

/** Loads every module an examiner may ever need, so that Node writes down what it compiled. Sees no file but our own. */
const source = new URL('..', import.meta.url);
for (const folder of ['engine', 'contract']) {
  for (const name of readdirSync(new URL(folder, source), { recursive: true, encoding: 'utf8' })) {
    if (name.endsWith('.ts') && !name.endsWith('.test.ts') && !name.startsWith('reports')) {
      await import(new URL(`${folder}/${name}`, source).href);
    }
  }
}
await import('./look.ts');
await import('./protocol.ts');
flushCompileCache();
process.exit(0);

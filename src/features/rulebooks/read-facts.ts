import { type Facts, factsSchema } from '../../contract/facts.ts';
import type { Lang } from '../../contract/lang.ts';
import { say } from '../../contract/words.ts';
import { readYaml } from './read-yaml.ts';
import { refuse } from './refusal.ts';

/** The facts in a YAML or JSON file. Throws a Problem that names the line and the fact. */
export function readFactsFile(file: string, lang: Lang): Facts {
  const { value, faults, lineOf } = readYaml(file, factsSchema, lang);
  if (value) return value;
  const [fault] = faults;
  const problem = fault ? say(lang, `rulebook.mistake.${fault.code}`, fault.params) : '';
  if (!fault || fault.code === 'unreadable' || fault.code === 'too-large') {
    throw refuse(lang, 'facts-missing', { file, problem });
  }
  throw refuse(lang, 'facts-broken', { file, line: lineOf(fault.path) ?? 1, path: fault.path.join('.'), problem });
}

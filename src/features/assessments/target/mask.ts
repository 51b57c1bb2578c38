import type { Values } from '../../../engine/assessments/template.ts';
import type { Client } from './client.ts';
import { TargetFailure } from './failure.ts';

/** Shorter ones stand in ordinary words by chance. */
export const shortestMasked = 8;
export const mask = '***';

/** Larger bodies are media; in these a key is looked for as it is. */
const mostSpelled = 16 * 1024 * 1024;

/**
 * A service that says our keys back must not bring them into records: what it answers is passed on without them, and so is what is said of
 * it.
 */
export function withoutSecrets(client: Client, values: Values): Client {
  const named = Object.fromEntries(Object.entries(values).filter(([name]) => name.startsWith('secret.')));
  const secrets = tellingOf(named);
  const hide = maskFor(named);
  // One byte a character and back: what is no text stays as it is.
  const hideIn = maskFor(named, (letter) => Buffer.from(letter).toString('latin1'));
  const cleaned = (bytes: Buffer): Buffer => {
    if (secrets.length === 0) return bytes;
    if (bytes.length > mostSpelled && !secrets.some((secret) => bytes.includes(secret))) return bytes;
    const text = bytes.toString('latin1');
    const hidden = hideIn(text);
    return hidden === text ? bytes : Buffer.from(hidden, 'latin1');
  };
  return {
    asked: client.asked,
    ask: async (ask) => {
      try {
        const answer = await client.ask(ask);
        return { ...answer, bytes: cleaned(answer.bytes), url: hide(answer.url), type: hide(answer.type) };
      } catch (error) {
        if (!(error instanceof TargetFailure)) throw error;
        const params = Object.entries(error.params).map(([name, value]) => [
          name,
          typeof value === 'string' ? hide(value) : value,
        ]);
        throw new TargetFailure(error.code, Object.fromEntries(params), error);
      }
    },
  };
}

/** Takes the values out of a text, however it spells their letters: as in an address, in JSON or in HTML. `plain`: how it has a letter itself. */
export function maskFor(
  secrets: Readonly<Record<string, string>>,
  plain: (letter: string) => string = (letter) => letter,
): (text: string) => string {
  const forms = [...new Set(tellingOf(secrets))].map(
    (secret) => new RegExp(Array.from(secret, (letter) => spellingsOf(letter, plain(letter))).join(''), 'g'),
  );
  return (text) => forms.reduce((hidden, form) => hidden.replace(form, mask), text);
}

/** A pattern of all ways to write a letter. */
function spellingsOf(letter: string, plain: string): string {
  const code = letter.codePointAt(0) ?? 0;
  const spelled = [
    literal(plain),
    [...Buffer.from(letter)].map((byte) => `%${anyCase(byte.toString(16).padStart(2, '0'))}`).join(''),
    unitsOf(letter)
      .map((unit) => `\\\\u${anyCase(unit)}`)
      .join(''),
    `&#0*${code};`,
    `&#[xX]0*${anyCase(code.toString(16))};`,
  ];
  // A solidus may be escaped in JSON (RFC 8259, 7), these three must be.
  if ('/"\\'.includes(letter)) spelled.push(`\\\\${literal(plain)}`);
  if (letter === ' ') spelled.push('\\+');
  const entity = entities[letter];
  if (entity) spelled.push(`&${entity};`);
  return `(?:${spelled.join('|')})`;
}

const entities: Readonly<Record<string, string>> = { '&': 'amp', '<': 'lt', '>': 'gt', '"': 'quot', "'": 'apos' };

/** A pattern of the text itself. */
function literal(text: string): string {
  return unitsOf(text)
    .map((unit) => `\\u${unit}`)
    .join('');
}

function unitsOf(text: string): string[] {
  return Array.from({ length: text.length }, (_, index) => text.charCodeAt(index).toString(16).padStart(4, '0'));
}

function anyCase(hex: string): string {
  return hex.replace(/[a-f]/g, (digit) => `[${digit}${digit.toUpperCase()}]`);
}

function tellingOf(secrets: Readonly<Record<string, string>>): string[] {
  return Object.values(secrets).filter(({ length }) => length >= shortestMasked);
}

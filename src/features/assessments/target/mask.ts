import type { Values } from '../../../engine/assessments/template.ts';
import type { Client } from './client.ts';
import { TargetFailure } from './failure.ts';

/** Shorter ones stand in ordinary words by chance. */
const shortest = 8;
export const mask = '***';

/**
 * A service that says our keys back must not bring them into records: what it answers is passed on without them, and so is what is said of
 * it.
 */
export function withoutSecrets(client: Client, values: Values): Client {
  const named = Object.entries(values).filter(([name]) => name.startsWith('secret.'));
  const secrets = tellingOf(Object.fromEntries(named));
  const hide = maskFor(Object.fromEntries(named));
  return {
    asked: client.asked,
    ask: async (ask) => {
      try {
        const answer = await client.ask(ask);
        const isSaid = secrets.some((secret) => answer.bytes.includes(secret));
        // One byte a character and back: what is no text stays as it is.
        const bytes = isSaid ? Buffer.from(hide(answer.bytes.toString('latin1')), 'latin1') : answer.bytes;
        return { ...answer, bytes, url: hide(answer.url) };
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

/** Takes the values out of a text, also as they stand in an address. */
export function maskFor(secrets: Readonly<Record<string, string>>): (text: string) => string {
  const forms = [...new Set(tellingOf(secrets).flatMap((secret) => [secret, encodeURIComponent(secret)]))];
  return (text) => forms.reduce((hidden, form) => hidden.replaceAll(form, mask), text);
}

function tellingOf(secrets: Readonly<Record<string, string>>): string[] {
  return Object.values(secrets).filter(({ length }) => length >= shortest);
}

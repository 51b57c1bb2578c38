import { setTimeout as sleep } from 'node:timers/promises';
import { Command, InvalidArgumentError } from 'commander';
import type { NameIn } from '../contract/fields.ts';
import { type Gate, gateSchema } from '../contract/gate.ts';
import type { Lang } from '../contract/lang.ts';
import { Problem } from '../contract/problem.ts';
import { say } from '../contract/words.ts';
import type { ApiClient } from '../platform/api-client.ts';
import { oneLine } from '../platform/one-line.ts';
import { type ApiOptions, addApiOptions, clientFor } from './api-options.ts';
import type { CommandContext } from './command.ts';

interface GateOptions extends ApiOptions {
  service: string;
  function?: string;
  wait?: number;
  json: boolean;
}

/** docs/exit-codes.md. Whatever could not be asked ends with 12, by the client. */
const closedExitCode = 11;

/** `clearmirror gate`: a step of a release pipeline. Ends with 0 only when a server said that the gate is open. */
export function gateCommand(context: CommandContext): Command {
  const about = (key: string) => say(context.config.lang, `cli.gate.${key}`);
  const gate = new Command('gate')
    .description(about('about'))
    .requiredOption('--service <service>', about('service'))
    .option('--function <function>', about('function'))
    .option('--wait <minutes>', about('wait'), minutes)
    .option('--json', about('json'), false)
    .action(async (options: GateOptions) => {
      const lang = options.lang ?? context.config.lang;
      const client = clientFor(context, options);
      const answer = await askUntilOpen(client, options, (seconds) =>
        context.err(`${say(lang, 'cli.gate.waiting', { seconds })}\n`),
      );
      // Before the words: a reader that closes early must not turn a no into a yes.
      if (!answer.open) context.exit(closedExitCode);
      context.out(options.json ? `${JSON.stringify(answer, null, 2)}\n` : sayGate(answer, client.server, lang));
    });
  return addApiOptions(gate, context);
}

async function askUntilOpen(
  client: ApiClient,
  { service, function: one, wait }: GateOptions,
  waiting: (seconds: number) => void,
): Promise<Gate> {
  const until = Date.now() + (wait ?? 0) * 60_000;
  for (let seconds = 2; ; seconds = Math.min(30, seconds * 2)) {
    const left = until - Date.now();
    const answer = await ask(client, service, one).catch((error: unknown) => {
      // While waiting, a server that is away may come back. What it refused, it will refuse again.
      if (left > 0 && error instanceof Problem && error.exitCode === 12) return null;
      throw error;
    });
    if (answer && (answer.open || left <= 0)) return answer;
    waiting(seconds);
    await sleep(Math.min(seconds * 1000, Math.max(left, 0)));
  }
}

function ask(client: ApiClient, service: string, one: string | undefined): Promise<Gate> {
  return client.ask({ method: 'GET', path: '/api/v1/gate', query: { service, function: one }, answer: gateSchema });
}

function sayGate(gate: Gate, server: string, lang: Lang): string {
  const settled = gate.dues.filter((due) => due.settled);
  const lines = [
    say(lang, gate.open ? 'cli.gate.open' : 'cli.gate.closed', { what: sayWhat(gate, lang) }),
    ...(gate.reasons.length > 0 ? [say(lang, 'cli.gate.because')] : []),
    ...gate.reasons.flatMap(({ message, next }) => [`  ✗ ${oneLine(message)}`, `    → ${oneLine(next)}`]),
    ...settled.map(({ due, title, filing }) => {
      const params = { due, title: title[lang], number: filing?.number ?? '–' };
      return `  ✓ ${oneLine(say(lang, 'cli.gate.settled', params))}`;
    }),
    ...(gate.open && settled.length === 0 ? [`  ${say(lang, 'cli.gate.nothing')}`] : []),
    ...(gate.warnings.length > 0 ? [say(lang, 'cli.gate.warnings')] : []),
    ...gate.warnings.map(({ message }) => `  ! ${oneLine(message)}`),
    say(lang, 'cli.gate.as-of', { asOf: gate.asOf, server }),
  ];
  return lines.map((line) => `${line}\n`).join('');
}

function sayWhat({ service, function: one }: Gate, lang: Lang): string {
  const state = (name: string) => say(lang, `cli.gate.state.${name}`);
  if (!one) {
    const params = { service: service.slug, name: nameIn(service.name, lang), state: state(service.state) };
    return oneLine(say(lang, 'cli.gate.what-service', params));
  }
  const { slug, name, version } = one;
  const params = { function: slug, name: nameIn(name, lang), service: service.slug, version, state: state(one.state) };
  return oneLine(say(lang, 'cli.gate.what-function', params));
}

function nameIn({ zh, en }: NameIn, lang: Lang): string {
  return (lang === 'zh' ? (zh ?? en) : (en ?? zh)) ?? '';
}

function minutes(text: string): number {
  const value = Number(text);
  if (Number.isFinite(value) && value >= 0 && value <= 24 * 60) return value;
  throw new InvalidArgumentError('0–1440');
}

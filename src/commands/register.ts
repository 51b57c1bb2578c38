import { createInterface } from 'node:readline/promises';
import { Command } from 'commander';
import { z } from 'zod';
import type { Lang } from '../contract/lang.ts';
import {
  type RegisterDocument,
  type RegisterPlan,
  registerDocumentName,
  registerDocumentSchema,
  registerPlanSchema,
} from '../contract/register-document.ts';
import { say } from '../contract/words.ts';
import type { ApiClient } from '../platform/api-client.ts';
import { type ApiOptions, addApiOptions, clientFor } from './api-options.ts';
import type { CommandContext } from './command.ts';
import { readDocument, refuse, sayPlace } from './register-document.ts';
import { countActions, sayPlan } from './register-text.ts';

interface PlanOptions extends ApiOptions {
  prune: boolean;
  json: boolean;
}

/** `clearmirror register plan|apply|schema`: the register follows a file in the company's own repository. */
export function registerCommand(context: CommandContext): Command {
  const { out } = context;
  const about = (key: string) => say(context.config.lang, `cli.register.${key}`);
  const register = new Command('register').description(about('about'));
  const verb = (name: 'plan' | 'apply') =>
    addApiOptions(
      register
        .command(name)
        .description(about(`${name}.about`))
        .argument('[file]', about('file'), 'clearmirror.yaml')
        .option('--prune', about('prune'), false)
        .option('--json', about('json'), false),
      context,
    );

  verb('plan').action(async (file: string, options: PlanOptions) => {
    const { plan } = await makePlan(context, file, options);
    const lang = options.lang ?? context.config.lang;
    out(options.json ? `${JSON.stringify(plan, null, 2)}\n` : sayPlan(plan, file, lang));
  });

  verb('apply')
    .option('--yes', about('yes'), false)
    .action(async (file: string, options: PlanOptions & { yes: boolean }) => {
      const lang = options.lang ?? context.config.lang;
      const { client, document, plan } = await makePlan(context, file, options);
      if (!options.json) out(sayPlan(plan, file, lang));
      if (plan.items.length === 0) {
        if (options.json) out(`${JSON.stringify(plan, null, 2)}\n`);
        return;
      }
      if (!options.yes && !(await confirm(lang))) {
        out(`${say(lang, 'cli.register.not-applied')}\n`);
        context.exit(5);
        return;
      }
      const applied = await client.ask({
        method: 'POST',
        path: '/api/v1/register/apply',
        body: { document, prune: options.prune, hash: plan.hash },
        answer: registerPlanSchema,
      });
      out(
        options.json
          ? `${JSON.stringify(applied, null, 2)}\n`
          : `${say(lang, 'cli.register.applied', countActions(applied))}\n`,
      );
    });

  register
    .command('schema')
    .description(about('schema.about'))
    .action(() => out(`${registerJsonSchema()}\n`));

  return register;
}

/** What docs/schema/clearmirror-yaml-1.json holds: for editors that complete and check YAML. */
export function registerJsonSchema(): string {
  const schema = z.toJSONSchema(registerDocumentSchema, { target: 'draft-07', io: 'input', unrepresentable: 'any' });
  return JSON.stringify({ $id: registerDocumentName, title: 'clearmirror.yaml', ...schema }, null, 2);
}

async function makePlan(
  context: CommandContext,
  file: string,
  { prune, ...options }: PlanOptions,
): Promise<{ client: ApiClient; document: RegisterDocument; plan: RegisterPlan }> {
  const lang = options.lang ?? context.config.lang;
  const { document, lineOf } = readDocument(context, file, lang);
  const client = clientFor(context, options);
  const body = { document, prune };
  const plan = await client.ask({ method: 'POST', path: '/api/v1/register/plan', body, answer: registerPlanSchema });
  if (plan.obstacles.length === 0) return { client, document, plan };
  for (const { path, message } of plan.obstacles) sayPlace(context, { file, line: lineOf(path), path, message }, lang);
  throw refuse(lang, 'plan-obstacles', { file, count: plan.obstacles.length });
}

/** Asks at the terminal. Where there is none, nobody can have agreed. */
async function confirm(lang: Lang): Promise<boolean> {
  if (!process.stdin.isTTY) throw refuse(lang, 'yes-needed');
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  try {
    const said = (await terminal.question(say(lang, 'cli.register.ask'))).trim().toLowerCase();
    return said === 'yes' || said === say(lang, 'cli.register.yes-word');
  } finally {
    terminal.close();
  }
}

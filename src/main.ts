import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Command, CommanderError } from 'commander';
import type { CommandContext } from './commands/command.ts';
import { speakHelp } from './commands/help-words.ts';
import { readConfig } from './config.ts';
import type { Lang } from './contract/lang.ts';
import { Problem } from './contract/problem.ts';
import { say, speaker } from './contract/words.ts';
import { productVersion } from './version.ts';

/** Each verb is loaded only when it is asked for. */
const verbs: Record<string, (context: CommandContext) => Promise<Command>> = {
  screen: async (context) => (await import('./commands/screen.ts')).screenCommand(context),
  label: async (context) => (await import('./commands/label.ts')).labelCommand(context),
  trust: async (context) => (await import('./commands/trust.ts')).trustCommand(context),
  models: async (context) => {
    const [{ modelsCommand }, { openTrial }] = await Promise.all([import('./commands/models.ts'), import('./app.ts')]);
    return modelsCommand(context, { tryModel: await openTrial(context) });
  },
  rulebook: async (context) => (await import('./commands/rulebook.ts')).rulebookCommand(context),
  serve: async (context) => (await import('./commands/serve.ts')).serveCommand(context),
  work: async (context) => (await import('./commands/work.ts')).workCommand(context),
  backup: async (context) => (await import('./commands/backup.ts')).backupCommand(context),
  restore: async (context) => (await import('./commands/restore.ts')).restoreCommand(context),
  recover: async (context) => (await import('./commands/recover.ts')).recoverCommand(context),
  register: async (context) => (await import('./commands/register.ts')).registerCommand(context),
  assess: async (context) => (await import('./commands/assess.ts')).assessCommand(context),
  statement: async (context) => (await import('./commands/statement.ts')).statementCommand(context),
  gate: async (context) => (await import('./commands/gate.ts')).gateCommand(context),
  doctor: async (context) => (await import('./commands/doctor.ts')).doctorCommand(context),
  schema: async (context) => (await import('./commands/schema.ts')).schemaCommand(context),
  openapi: async (context) => (await import('./commands/openapi.ts')).openapiCommand(context),
  bench: async (context) => (await import('./commands/bench.ts')).benchCommand(context),
};

const root = dirname(dirname(fileURLToPath(import.meta.url)));

/** Known once the settings are read. */
let lang: Lang = 'en';

// A reader that closes early (`| head`) ends us quietly, as it does any other filter. A code that was decided stands: a closed gate.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE') process.exit(process.exitCode ?? 0);
  process.stderr.write(`clearmirror: ${say(lang, 'cli.output-not-written', { code: error.code ?? '?' })}\n`);
  process.exit(1);
});

async function main(argv: string[]): Promise<void> {
  try {
    const config = readConfig(process.env);
    lang = config.lang;
    const context: CommandContext = {
      config,
      root,
      out: (text) => process.stdout.write(text),
      err: (text) => process.stderr.write(text),
      exit: (code) => {
        process.exitCode = code;
      },
    };
    const program = await describeProgram(context, argv[0]);
    await program.parseAsync(argv, { from: 'user' });
  } catch (error) {
    process.exitCode = explain(error);
  }
}

async function describeProgram(context: CommandContext, verb: string | undefined): Promise<Command> {
  const program = new Command('clearmirror')
    .description(say(lang, 'cli.about'))
    .version(productVersion(root), '-V, --version', say(lang, 'cli.help.version'))
    .exitOverride()
    .showHelpAfterError(say(lang, 'cli.help-hint'));
  const wanted = verb === undefined ? undefined : verbs[verb];
  for (const [name, load] of Object.entries(verbs)) {
    if (load === wanted) program.addCommand(inherit(await load(context)));
    else program.addCommand(new Command(name).description(say(lang, `cli.${name}.about`)));
  }
  return speakHelp(program, speaker(lang));
}

/** Errors of a subcommand come back to us like those of the program. */
function inherit(command: Command): Command {
  command.exitOverride();
  for (const child of command.commands) inherit(child);
  return command;
}

/** Prints what happened and what to do next; returns the exit code. */
function explain(error: unknown): number {
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
  if (error instanceof Problem) {
    process.stderr.write(`clearmirror: ${error.message}\n${error.next ? `  → ${error.next}\n` : ''}`);
    return error.exitCode;
  }
  const trace = error instanceof Error ? error.stack : String(error);
  process.stderr.write(`clearmirror: ${say(lang, 'cli.unexpected')}\n${trace}\n`);
  return 1;
}

await main(process.argv.slice(2));

import { Command } from 'commander';
import { z } from 'zod';
import { recordSchema } from '../contract/screening.ts';
import { say } from '../contract/words.ts';
import type { CommandContext } from './command.ts';

/** Prints the JSON Schema of a screening record, the same that stands in docs/schema/. */
export function schemaCommand(context: CommandContext): Command {
  return new Command('schema').description(say(context.config.lang, 'cli.schema.about')).action(() => {
    context.out(`${recordJsonSchema()}\n`);
  });
}

export function recordJsonSchema(): string {
  const schema = z.toJSONSchema(recordSchema, { target: 'draft-2020-12' });
  return JSON.stringify({ $id: 'clearmirror.screening/1', title: 'Clearmirror screening record', ...schema }, null, 2);
}

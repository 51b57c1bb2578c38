import { type Command, Option } from 'commander';
import { type Lang, langs } from '../contract/lang.ts';
import { say } from '../contract/words.ts';
import { type ApiClient, openApiClient } from '../platform/api-client.ts';
import type { CommandContext } from './command.ts';

export interface ApiOptions {
  server?: string;
  keyFile?: string;
  lang?: Lang;
}

/** The options by which a command finds its server: address, key, language. */
export function addApiOptions(command: Command, { config }: CommandContext): Command {
  const about = (key: string) => say(config.lang, `cli.api.${key}`);
  return command
    .option('--server <url>', about('server'))
    .option('--key-file <file>', about('key-file'))
    .addOption(new Option('--lang <lang>', about('lang')).choices(langs));
}

export function clientFor({ config }: CommandContext, { server, keyFile, lang = config.lang }: ApiOptions): ApiClient {
  return openApiClient({ server, keyFile, lang, dataFolder: config.dataFolder, key: config.secrets.apiKey });
}

import { homedir } from 'node:os';
import { join } from 'node:path';
import { type Lang, langs } from './contract/lang.ts';
import { Problem } from './contract/problem.ts';

/** Everything the environment may set. Nothing else is taken from it but PATH, by which the box finds its programs. */
export interface Config {
  /** Installed data: trust lists, models. `CLEARMIRROR_HOME`, else the XDG data folder. */
  dataFolder: string;
  /** `CLEARMIRROR_LANG`, else the locale; `--lang` wins over both. */
  lang: Lang;
  /** Colour and progress are for terminals only; `NO_COLOR` switches colour off. */
  noColor: boolean;
  /** `CLEARMIRROR_BOX=limits` runs without a sandbox, for machines that forbid user namespaces. */
  box: 'auto' | 'limits';
  /** Secrets, which have no place on a command line: every user of the machine can read those. */
  secrets: {
    /** `CLEARMIRROR_DATABASE_URL`: where the PostgreSQL server is. */
    databaseUrl: string | undefined;
    /** `CLEARMIRROR_SECRET`: signs sessions, the same for every process of one installation. Else a file in the data folder. */
    installation: string | undefined;
    /** `CLEARMIRROR_BLOB_KEYS`: 32-byte keys in base64, separated by commas; the first writes, all read. */
    blobKeys: string | undefined;
    /** `CLEARMIRROR_KEY`: the API key with which a command asks a server. */
    apiKey: string | undefined;
    /** `CLEARMIRROR_KEY_PASSPHRASE`: guards the private halves of seal keys. */
    keyPassphrase: string | undefined;
    /** Variables that a signer's settings file names. Nobody else looks in here. */
    named: Readonly<Record<string, string | undefined>>;
  };
}

export function readConfig(env: NodeJS.ProcessEnv): Config {
  const box = env['CLEARMIRROR_BOX'] || 'auto';
  if (box !== 'auto' && box !== 'limits') {
    throw new Problem('bad-setting', `CLEARMIRROR_BOX is "${box}"`, {
      next: 'Set it to "auto" or "limits", or unset it.',
      exitCode: 2,
    });
  }
  return {
    dataFolder:
      env['CLEARMIRROR_HOME'] || join(env['XDG_DATA_HOME'] || join(homedir(), '.local', 'share'), 'clearmirror'),
    lang: chooseLang(env),
    noColor: Boolean(env['NO_COLOR']),
    box,
    secrets: {
      databaseUrl: env['CLEARMIRROR_DATABASE_URL'] || undefined,
      installation: env['CLEARMIRROR_SECRET'] || undefined,
      blobKeys: env['CLEARMIRROR_BLOB_KEYS'] || undefined,
      apiKey: env['CLEARMIRROR_KEY'] || undefined,
      keyPassphrase: env['CLEARMIRROR_KEY_PASSPHRASE'] || undefined,
      named: env,
    },
  };
}

function chooseLang(env: NodeJS.ProcessEnv): Lang {
  const wanted = env['CLEARMIRROR_LANG'];
  if (wanted) {
    const known = langs.find((lang) => lang === wanted);
    if (known) return known;
    throw new Problem('bad-setting', `CLEARMIRROR_LANG is "${wanted}"`, {
      next: 'Set it to "en" or "zh".',
      exitCode: 2,
    });
  }
  const locale = env['LC_ALL'] || env['LC_MESSAGES'] || env['LANG'] || '';
  return locale.toLowerCase().startsWith('zh') ? 'zh' : 'en';
}

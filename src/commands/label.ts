import { mkdir, stat } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { Command, InvalidArgumentError, Option } from 'commander';
import pMap from 'p-map';
import { openLabelling } from '../app.ts';
import { BoxFault } from '../box/workshop.ts';
import {
  type ExplicitPlan,
  type ImplicitPlan,
  type Labelling,
  type LabelPlan,
  type LabelProfile,
  labelPositions,
  labelProfiles,
  soundPlaces,
} from '../contract/labelling.ts';
import { type Lang, langs } from '../contract/lang.ts';
import { Problem } from '../contract/problem.ts';
import { type Say, speaker } from '../contract/words.ts';
import { buildProviderCode } from '../engine/labels/aigc/compose.ts';
import { failureCode } from '../engine/media/bytes.ts';
import { sourceTypes } from '../engine/provenance/source-types.ts';
import type { SigningTools } from '../features/labelling/credentials.ts';
import { labelFile } from '../features/labelling/labelling.ts';
import { refusal } from '../features/labelling/refusals.ts';
import { openSigning, readSignerSettings, type SignerSettings } from '../features/labelling/signing.ts';
import { limitsFor, usualHashLimit } from '../features/screening/limits.ts';
import { findFiles } from '../features/screening/walk.ts';
import type { CommandContext } from './command.ts';
import { labelCheckCommand } from './label-check.ts';
import { labelKeysCommand } from './label-keys.ts';
import { showLabelProgress } from './label-progress.ts';
import { labelSurviveCommand } from './label-survive.ts';
import { describeLabelling, describeRefusal, describeTotals } from './label-text.ts';
import { labelTextsCommand } from './label-texts.ts';
import { plain } from './screen-text.ts';
import { wholeNumber } from './whole-number.ts';

interface Flags {
  out?: string;
  profile?: LabelProfile;
  producer?: string;
  uscc?: string;
  produceId?: string;
  level?: '1' | '2' | '3';
  propagator?: string;
  propagateId?: string;
  update?: boolean;
  remove?: boolean;
  replace?: boolean;
  seal?: boolean;
  sourceType?: string;
  progress: boolean;
  explicit?: 'zh' | 'en';
  text?: string;
  euIcon?: boolean;
  position: ExplicitPlan['position'];
  seconds?: number | 'throughout';
  sound: ExplicitPlan['sound'];
  where: ExplicitPlan['where'];
  watermark?: string | true;
  certificate?: string;
  key?: string;
  signer?: string;
  tsa?: string;
  system?: string;
  force?: boolean;
  json?: boolean;
  lang: Lang;
  jobs: number;
  memoryLimit: number;
  timeLimit: number;
  verbose?: boolean;
}

/** `clearmirror label IN… -o OUT`: writes labels into new files and reads them back. */
export function labelCommand(context: CommandContext): Command {
  const say = speaker(context.config.lang);
  return new Command('label')
    .addCommand(labelCheckCommand(context))
    .addCommand(labelSurviveCommand(context))
    .addCommand(labelTextsCommand(context))
    .addCommand(labelKeysCommand(context))
    .description(say('cli.label.about'))
    .argument('<in...>', say('cli.label.files'))
    .option('-o, --out <path>', say('cli.label.out'))
    .addOption(
      new Option('--profile <regime>', say('cli.label.profile', { profiles: labelProfiles.join(', ') })).choices(
        labelProfiles,
      ),
    )
    .option('--producer <code>', say('cli.label.producer'))
    .option('--uscc <code>', say('cli.label.uscc'))
    .option('--produce-id <id>', say('cli.label.produce-id'))
    .addOption(new Option('--level <n>', say('cli.label.level')).choices(['1', '2', '3']))
    .option('--propagator <code>', say('cli.label.propagator'))
    .option('--propagate-id <id>', say('cli.label.propagate-id'))
    .option('--update', say('cli.label.update'))
    .option('--remove', say('cli.label.remove'))
    .option('--replace', say('cli.label.replace'))
    .option('--seal', say('cli.label.seal'))
    .option('--source-type <term>', say('cli.label.source-type'), sourceTypeTerm)
    .addOption(new Option('--explicit <lang>', say('cli.label.explicit')).choices(['zh', 'en']))
    .option('--text <words>', say('cli.label.text'))
    .option('--eu-icon', say('cli.label.eu-icon'))
    .addOption(
      new Option('--position <place>', say('cli.label.position')).choices(labelPositions).default('bottom-right'),
    )
    .option('--seconds <n>', say('cli.label.seconds'), seconds)
    .addOption(new Option('--sound <kind>', say('cli.label.sound')).choices(['rhythm', 'notice']).default('rhythm'))
    .option('--where <places>', say('cli.label.where'), soundPlacesFrom, ['start'])
    .option('--watermark [id]', say('cli.label.watermark'), identifier)
    .option('--certificate <file>', say('cli.label.certificate'))
    .option('--key <file>', say('cli.label.key'))
    .option('--signer <file>', say('cli.label.signer'))
    .option('--tsa <url>', say('cli.label.tsa'))
    .option('--system <name>', say('cli.label.system'))
    .option('--force', say('cli.label.force'))
    .option('--json', say('cli.label.json'))
    .option('--no-progress', say('cli.screen.no-progress'))
    .option('--verbose', say('cli.screen.verbose'))
    .addOption(new Option('--lang <lang>', say('cli.screen.lang')).choices(langs).default(context.config.lang))
    .option('--jobs <n>', say('cli.label.jobs'), wholeNumber(1, 64), Math.min(8, availableParallelism()))
    .option('--memory-limit <mb>', say('cli.screen.memory-limit'), wholeNumber(256, 65_536), 1_536)
    .option('--time-limit <s>', say('cli.screen.time-limit'), wholeNumber(1, 86_400), 3_600)
    .addHelpText('after', `\n${say('cli.label.examples')}`)
    .action((inputs: string[], flags: Flags) => label(context, inputs, flags));
}

async function label(context: CommandContext, inputs: string[], flags: Flags): Promise<void> {
  const say = speaker(flags.lang);
  const { out } = flags;
  if (out === undefined) throw new Problem('label-no-output', say('cli.label.no-output'), { exitCode: 2 });
  const plan = planFrom(flags, say);
  const jobs = await jobsFor(inputs, out);
  const signing = await signingFrom(context, flags, say);
  const tools = await openLabelling({ config: context.config, root: context.root, jobs: flags.jobs, signing });
  if (tools.reason) context.err(`${say('cli.screen.limits-only', { why: tools.reason })}\n`);
  const progress = showLabelProgress(flags.progress, jobs.length);
  const totals = { done: 0, refused: 0 };
  let bugs = 0;
  try {
    await pMap(
      jobs,
      async ({ input, output }) => {
        try {
          if (output !== out) await makeFolder(dirname(output), say);
          const done = await labelFile(
            {
              input,
              output,
              plan,
              overwrite: flags.force === true,
              limits: limitsFor({ memoryMb: flags.memoryLimit, timeSeconds: flags.timeLimit }),
              hashLimit: usualHashLimit,
              say,
              onProgress: (_step, share) => progress.reached(input, share),
            },
            tools,
          );
          totals.done += 1;
          progress.print(context.out, resultText(flags, done, say));
        } catch (error) {
          if (flags.verbose && error instanceof Problem && error.cause instanceof BoxFault) {
            progress.complain(context.err, `${plain(error.cause.detail, 'text')}\n`);
          }
          if (!(error instanceof Problem)) bugs += 1;
          if (jobs.length === 1 || !(error instanceof Problem)) throw error;
          totals.refused += 1;
          progress.complain(context.err, describeRefusal(input, error, say));
        } finally {
          progress.settled(input);
        }
      },
      { concurrency: flags.jobs },
    );
  } finally {
    progress.stop();
    tools.workshop.close();
  }
  if (!flags.json && jobs.length > 1) context.out(describeTotals(totals, say));
  context.exit(bugs > 0 ? 1 : totals.refused > 0 ? 5 : 0);
}

function resultText(flags: Flags, done: Labelling, say: Say): string {
  return flags.json ? `${plain(JSON.stringify(done), 'json')}\n` : describeLabelling(done, say);
}

interface Job {
  input: string;
  output: string;
}

/** One input and a file name; or any number of inputs and a folder, where they keep their names and folders. */
async function jobsFor(inputs: readonly string[], out: string): Promise<Job[]> {
  const [only] = inputs;
  const isFolder = async (path: string) =>
    stat(path).then(
      (info) => info.isDirectory(),
      () => false,
    );
  if (inputs.length === 1 && only !== undefined && !(await isFolder(only)) && !(await isFolder(out))) {
    return [{ input: only, output: out }];
  }
  const jobs: Job[] = [];
  for (const input of inputs) {
    if (!(await isFolder(input))) jobs.push({ input, output: join(out, basename(input)) });
    else {
      for await (const file of findFiles([input])) {
        if (file.link) continue;
        const path = file.path.toString();
        jobs.push({ input: path, output: join(out, path.slice(input.length)) });
      }
    }
  }
  return jobs;
}

async function makeFolder(folder: string, say: Say): Promise<void> {
  try {
    await mkdir(folder, { recursive: true });
  } catch (error) {
    throw refusal(say, 'label-output-unwritable', { path: folder, detail: failureCode(error) }, error);
  }
}

function planFrom(flags: Flags, say: Say): LabelPlan {
  const producer = flags.uscc === undefined ? flags.producer : codeFrom(flags.uscc, say);
  const wantsLabel =
    producer !== undefined || flags.propagator !== undefined || flags.update === true || flags.remove === true;
  const others =
    flags.profile !== undefined ||
    flags.explicit !== undefined ||
    flags.euIcon ||
    flags.watermark !== undefined ||
    flags.system !== undefined;
  if (!wantsLabel && !others && (flags.sourceType === undefined || flags.sourceType === 'keep')) {
    throw new Problem('label-nothing-asked', say('cli.label.nothing-asked'), { exitCode: 2 });
  }
  const mode = flags.remove ? 'remove' : flags.update ? 'update' : 'write';
  const implicit: ImplicitPlan | null = wantsLabel
    ? {
        mode,
        seal: flags.seal === true,
        ...(flags.level ? { label: flags.level } : {}),
        ...(producer === undefined ? {} : { contentProducer: producer }),
        ...(flags.produceId === undefined ? {} : { produceId: flags.produceId }),
        ...(flags.propagator === undefined ? {} : { contentPropagator: flags.propagator }),
        ...(flags.propagateId === undefined ? {} : { propagateId: flags.propagateId }),
      }
    : null;
  return {
    profile: flags.profile ?? null,
    implicit: implicitNeeded(flags, implicit, say),
    sourceType: wantsLabel || flags.sourceType !== undefined ? sourceTypeFor(flags, mode) : undefined,
    replace: flags.replace === true,
    explicit: explicitFrom(flags),
    credentials: credentialsFrom(flags, say),
    watermark: flags.watermark === undefined ? null : flags.watermark === true ? 'new' : flags.watermark,
  };
}

/** Chinese rules, and what asks for everything, need to know who made the content. */
function implicitNeeded({ profile }: Flags, implicit: ImplicitPlan | null, say: Say): ImplicitPlan | null {
  if (!implicit && (profile === 'cn-2025' || profile === 'all')) throw refusal(say, 'label-producer-missing');
  return implicit;
}

/** The key and certificates, when some were named; they are opened and checked before a file is touched. */
async function signingFrom(context: CommandContext, flags: Flags, say: Say): Promise<SigningTools | null> {
  const { certificate, key, signer, tsa } = flags;
  if (certificate === undefined && key === undefined && signer === undefined) return null;
  const environment = context.config.secrets.named;
  const now = new Date();
  const stamped = tsa === undefined ? {} : { timestamp: tsa };
  if (signer !== undefined) {
    const settings: SignerSettings = { ...readSignerSettings(signer, say), ...stamped };
    return openSigning({ settings, environment, now, say });
  }
  if (certificate === undefined || key === undefined) throw refusal(say, 'label-key-missing');
  const passphrase = environment[passphraseVariable] ? { passphrase: { env: passphraseVariable } } : {};
  const settings: SignerSettings = { kind: 'file', keyFile: key, chainFile: certificate, ...passphrase, ...stamped };
  return openSigning({ settings, environment, now, say });
}

const passphraseVariable = 'CLEARMIRROR_SIGNING_PASSPHRASE';

/** Who signs also says what made the content (California §22757.3(b)(B)). */
function credentialsFrom({ certificate, key, signer, system }: Flags, say: Say): LabelPlan['credentials'] {
  if (certificate === undefined && key === undefined && signer === undefined) return null;
  if (system === undefined) throw refusal(say, 'label-system-missing');
  const [name = '', version] = system.split('@', 2);
  return { system: name, ...(version ? { systemVersion: version } : {}) };
}

function explicitFrom(flags: Flags): ExplicitPlan | null {
  if (flags.explicit === undefined && !flags.euIcon) return null;
  const claims = { '1': 'generated', '2': 'possible', '3': 'suspected' } as const;
  const edited = flags.sourceType?.startsWith('composite') ?? false;
  const { seconds: shown = 4 } = flags;
  return {
    claim: edited ? 'edited' : claims[flags.level ?? '1'],
    lang: flags.explicit ?? 'en',
    style: flags.euIcon ? 'eu-icon' : 'text',
    ...(flags.text === undefined ? {} : { text: flags.text }),
    position: flags.position,
    seconds: shown === 'throughout' ? null : shown,
    sound: flags.sound,
    where: flags.where,
  };
}

function seconds(text: string): number | 'throughout' {
  if (text === 'throughout') return text;
  const value = Number(text);
  // GB 45438-2025 5.4: at least two seconds.
  if (!(value >= 2 && value <= 3_600)) throw new InvalidArgumentError('2 … 3600, throughout');
  return value;
}

function soundPlacesFrom(text: string): ExplicitPlan['where'] {
  return text.split(',').map((one) => {
    const known = soundPlaces.find((place) => place === one.trim());
    if (!known) throw new InvalidArgumentError(soundPlaces.join(', '));
    return known;
  });
}

function identifier(text: string): string {
  if (!/^[0-9a-f]{16}$/.test(text)) throw new InvalidArgumentError('16 × 0–9, a–f');
  return text;
}

/** Beside a label that says "is generated" stands the source type that says so; other labels leave it open. */
function sourceTypeFor(flags: Flags, mode: ImplicitPlan['mode']): string | null | undefined {
  if (flags.sourceType === 'none') return null;
  if (flags.sourceType === 'keep') return undefined;
  if (flags.sourceType !== undefined) return flags.sourceType;
  return mode === 'write' && (flags.level ?? '1') === '1' ? 'trainedAlgorithmicMedia' : undefined;
}

function sourceTypeTerm(text: string): string {
  const known = sourceTypes.get(text);
  if (text === 'none' || text === 'keep' || (known && !known.deprecated)) return text;
  throw new InvalidArgumentError(
    [...sourceTypes].flatMap(([term, type]) => (type.deprecated ? [] : [term])).join(', '),
  );
}

function codeFrom(text: string, say: Say): string {
  const [uscc = '', number] = text.split(':', 2);
  const code = buildProviderCode({ uscc, service: 'generation', number: number ?? null });
  if (!code) throw refusal(say, 'label-uscc', { value: text.slice(0, 60) });
  return code;
}

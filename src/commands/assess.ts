import { randomUUID } from 'node:crypto';
import { closeSync, mkdirSync, mkdtempSync, openSync, rmSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { Command, Option } from 'commander';
import { openLabelling } from '../app.ts';
import { type AssessmentRecord, type ProbeId, probeIds } from '../contract/assessment.ts';
import { type Lang, langs } from '../contract/lang.ts';
import { Problem } from '../contract/problem.ts';
import type { Target } from '../contract/target.ts';
import { saySearch } from '../contract/trial-words.ts';
import { say, speaker } from '../contract/words.ts';
import { checkTarget } from '../engine/assessments/check-target.ts';
import { factsOfDocument } from '../engine/register/facts-of-document.ts';
import {
  assess,
  type Journal,
  mask,
  openJournal,
  openRecorder,
  openRecording,
  RecordingFault,
  readSecrets,
  shortestMasked,
} from '../features/assessments/assessments.ts';
import { refuse } from '../features/assessments/refusal.ts';
import { requirementsOf } from '../features/rulebooks/rulebooks.ts';
import { limitsFor } from '../features/screening/limits.ts';
import { errorCode } from '../platform/error-code.ts';
import { takeKernelLock } from '../platform/folder-lock-kernel.ts';
import { showAssessProgress } from './assess-progress.ts';
import { writeReports } from './assess-report.ts';
import { chooseSubject } from './assess-subject.ts';
import { describeAssessment } from './assess-text.ts';
import type { CommandContext } from './command.ts';
import { readDocument, sayPlace } from './register-document.ts';
import { stopAsked } from './stop-asked.ts';
import { wholeNumber } from './whole-number.ts';
import { writeWhole } from './write-whole.ts';

interface Flags {
  rulebook: string[];
  out: string;
  service?: string;
  function?: string;
  samples: number;
  only?: ProbeId[];
  search?: number;
  record?: string;
  replay?: string;
  json: boolean;
  progress: boolean;
  lang: Lang;
}

/** `clearmirror assess clearmirror.yaml --rulebook cn-2018 --out report/`: tests the running service and says what came of it. */
export function assessCommand(context: CommandContext): Command {
  const words = speaker(context.config.lang);
  return new Command('assess')
    .description(words('cli.assess.about'))
    .argument('[file]', words('cli.assess.file'), 'clearmirror.yaml')
    .requiredOption('--rulebook <id...>', words('cli.assess.rulebook'))
    .requiredOption('--out <folder>', words('cli.assess.out'))
    .option('--service <slug>', words('cli.assess.service'))
    .option('--function <slug>', words('cli.assess.function'))
    .option('--samples <n>', words('cli.assess.samples'), wholeNumber(1, 10_000), 200)
    .addOption(new Option('--only <probe...>', words('cli.assess.only')).choices(probeIds))
    .option('--search <n>', words('cli.assess.search'), wholeNumber(1, 10_000))
    .option('--record <folder>', words('cli.assess.record'))
    .addOption(new Option('--replay <folder>', words('cli.assess.replay')).conflicts('record'))
    .option('--json', words('cli.assess.json'), false)
    .option('--no-progress', words('cli.screen.no-progress'))
    .addOption(new Option('--lang <lang>', words('cli.screen.lang')).choices(langs).default(context.config.lang))
    .action((file: string, flags: Flags) => runAssessment(context, file, flags));
}

/** What was acknowledged before is kept: the same command goes on when there is room. */
const diskTrouble = ['ENOSPC', 'EDQUOT', 'EROFS'] as const;

/** docs/exit-codes.md: a script must not read sentences. */
const failsExitCode = 10;
const brokenOffExitCode = 130;

async function runAssessment(context: CommandContext, file: string, given: Flags): Promise<void> {
  const { lang } = given;
  const { subject, company } = readSubject(context, file, given);
  const { service, one } = subject;
  const target = withFolders(subject.target, dirname(resolve(file)));
  const replayed = given.replay === undefined ? null : openReplay(given.replay, { service: service.slug, lang });
  // Of the recorded run: another number of samples would ask for what nobody recorded.
  const { only: _only, search: _search, ...others } = given;
  const flags: Flags = replayed ? { ...others, ...replayed.flags } : given;
  // Nobody is asked in a replay: instead of a key stands what stands for it in the recording.
  const secrets = replayed
    ? Object.fromEntries(Object.keys(target.secrets).map((name) => [name, mask]))
    : readSecrets(target, { variables: context.config.secrets.named, document: resolve(file), lang });
  const short = Object.entries(secrets).find(([, value]) => value.length < shortestMasked);
  // Too short to be told from ordinary words, it would stay in what the service says back.
  if (short && flags.record !== undefined)
    throw refuse(lang, 'recording-secret-short', { name: short[0], least: shortestMasked });
  const facts = factsOfDocument(service, one);
  const rulebooks = requirementsOf(join(context.root, 'rulebooks'), {
    ids: flags.rulebook,
    facts,
    now: new Date(),
    lang,
  });
  if (rulebooks.every(({ requirements }) => requirements.length === 0)) throw refuse(lang, 'nothing-to-assess');
  const journal = beginJournal(
    flags,
    `${service.slug}/${one?.slug ?? ''}/${target.hosts.join()}/${flags.rulebook.join()}${replayed ? '/replay' : ''}`,
    replayed?.head,
  );
  const recorder =
    flags.record === undefined ? null : beginRecording(flags.record, { flags, journal, service: service.slug, target });
  const { startedAt } = journal;
  const begunAt = Date.now();
  const folder = mkdtempSync(join(tmpdir(), 'clearmirror-assess-'));
  const labelling = await openLabelling({ config: context.config, root: context.root, jobs: 2 });
  if (labelling.reason) context.err(`${say(lang, 'cli.screen.limits-only', { why: labelling.reason })}\n`);
  const progress = showAssessProgress(flags.progress, lang);
  const stop = new AbortController();
  void stopAsked().then(() => stop.abort());
  const requests = openSync(join(flags.out, 'requests.ndjson'), 'a', 0o600);
  try {
    const record = await assess(
      {
        service: nameOf(service),
        function: one && nameOf(one),
        ...{ target, secrets, rulebooks },
        samples: flags.samples,
        only: flags.only ?? null,
        search: flags.search === undefined ? null : { publications: flags.search },
      },
      {
        ...{ labelling, folder, journal, signal: stop.signal },
        limits: limitsFor({ memoryMb: 1_536, timeSeconds: 120 }),
        // In a replay the clock goes on from when it was recorded: complaints and logs are as old as they were.
        now: () => (replayed ? new Date(Date.parse(startedAt) + Date.now() - begunAt) : new Date()),
        ...(recorder ? { record: recorder.over } : {}),
        ...(replayed ? { replay: replayed.client } : {}),
        onProgress: progress.show,
        onAsked: (asked) => writeSync(requests, `${JSON.stringify(asked)}\n`),
      },
    );
    progress.stop();
    writeWhole(join(flags.out, 'assessment.json'), `${JSON.stringify(record, null, 2)}\n`);
    // What is to be signed and filed comes from a run against the service itself.
    const files = replayed ? [] : await writeReports(record, { ...subject, company }, rulebooks, flags);
    await journal.note({ line: 'ended', at: record.endedAt });
    context.out(
      flags.json
        ? `${JSON.stringify(record)}\n`
        : `${describeAssessment(record, { out: flags.out, files, lang })}${saySearch(record, lang)}`,
    );
    if (replayed) context.err(`${say(lang, 'cli.assess.replayed', { folder: given.replay ?? '', at: startedAt })}\n`);
    if (fails(record)) context.exit(failsExitCode);
  } catch (error) {
    const full = diskTrouble.find((code) => code === errorCode(error));
    if (error instanceof RecordingFault) throw refuseRecording(lang, error, given.replay ?? given.record ?? '');
    if (full) throw refuse(lang, 'out-unwritable', { out: flags.out, detail: full }, error);
    if (!stop.signal.aborted) throw error;
    context.err(`${say(lang, 'cli.assess.broken-off', { out: flags.out })}\n`);
    context.exit(brokenOffExitCode);
  } finally {
    progress.stop();
    closeSync(requests);
    recorder?.close();
    journal.close();
    labelling.workshop.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

function readSubject(context: CommandContext, file: string, flags: Flags) {
  const { document, lineOf } = readDocument(context, file, flags.lang);
  const subject = chooseSubject(document, flags);
  const faults = checkTarget(subject.target);
  for (const { code, path, params } of faults) {
    const whole = [...subject.path, 'target', ...path];
    const message = say(flags.lang, `assess.fault.${code}`, params);
    sayPlace(context, { file, line: lineOf(whole), path: whole, message }, flags.lang);
  }
  if (faults.length > 0) throw refuse(flags.lang, 'target-broken', { file, count: faults.length });
  return { subject, company: document.company };
}

/** Folders lie beside the document that names them. */
function withFolders(target: Target, beside: string): Target {
  if (!target.published) return target;
  const published = target.published.map((place) =>
    place.folder === undefined ? place : { ...place, folder: resolve(beside, place.folder) },
  );
  return { ...target, published };
}

/** What was begun in that folder goes on; what belongs to something else is not mixed with it. */
function beginJournal({ out, lang }: Flags, of: string, recorded?: { run: string; startedAt: string }) {
  try {
    mkdirSync(out, { recursive: true });
    const { run = randomUUID(), startedAt = new Date().toISOString() } = recorded ?? {};
    const begin = { run, startedAt, of };
    const lock = takeKernelLock(join(out, '.lock'), 1_000);
    if (lock.state === 'held') throw refuse(lang, 'out-is-busy', { out });
    const journal = openJournal(join(out, 'run.ndjson'), begin);
    if (journal?.ended) throw refuse(lang, 'out-is-done', { out });
    if (journal) return journal;
  } catch (error) {
    if (error instanceof Problem || !errorCode(error)) throw error;
    throw refuse(lang, 'out-unwritable', { out, detail: errorCode(error) ?? '?' }, error);
  }
  throw refuse(lang, 'out-is-taken', { out });
}

/** What was recorded, and the flags that belong to it. */
function openReplay(folder: string, { service, lang }: { service: string; lang: Lang }) {
  try {
    const { head, client } = openRecording(folder);
    if (head.service !== service) throw refuse(lang, 'recording-of-another', { folder, service: head.service });
    const { samples, only, search } = head;
    // Of the recording alone, also where it has none of them.
    return { head, client, flags: { samples, ...(only ? { only } : {}), ...(search === null ? {} : { search }) } };
  } catch (error) {
    if (error instanceof RecordingFault) throw refuseRecording(lang, error, folder);
    throw error;
  }
}

function beginRecording(
  folder: string,
  { flags, journal, service, target }: { flags: Flags; journal: Journal; service: string; target: Target },
) {
  const { samples, only = null, search = null, lang } = flags;
  const head = { run: journal.run, startedAt: journal.startedAt, service, hosts: target.hosts, samples, only, search };
  try {
    return openRecorder(folder, head, { begun: journal.begun });
  } catch (error) {
    if (error instanceof RecordingFault) throw refuseRecording(lang, error, folder);
    if (!errorCode(error)) throw error;
    throw refuse(lang, 'out-unwritable', { out: folder, detail: errorCode(error) ?? '?' }, error);
  }
}

function refuseRecording(lang: Lang, { code, cause }: RecordingFault, folder: string): Problem {
  return refuse(lang, `recording-${code}`, { folder }, cause);
}

function nameOf({ slug, name }: { slug: string; name: AssessmentRecord['service']['name'] }) {
  return { slug, name };
}

function fails({ requirements, hazards }: AssessmentRecord): boolean {
  return hazards.some(({ verified }) => verified) || requirements.some(({ result }) => result === 'fails');
}

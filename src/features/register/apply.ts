import type { Company } from '../../contract/company.ts';
import type { Lang } from '../../contract/lang.ts';
import { Problem } from '../../contract/problem.ts';
import type { RegisterDocument, RegisterPlan } from '../../contract/register-document.ts';
import { say } from '../../contract/words.ts';
import { type Planned, planRegister } from '../../engine/register/plan.ts';
import type { Registered, RegisteredService } from '../../engine/register/registered.ts';
import type { Obstacle, Step } from '../../engine/register/steps.ts';
import type { Caller } from '../../platform/http/endpoint.ts';
import { stewards } from './access.ts';
import { findCompany, saveCompany } from './company.ts';
import { addFunction, changeFunction, findFunction, moveFunction } from './functions.ts';
import { type FunctionRow, liveFunctions } from './functions-store.ts';
import { type Change, latestDay, organisationOf } from './revisions.ts';
import { holdRegister } from './revisions-store.ts';
import { addService, changeService, findService, moveService, noteFigure } from './services.ts';
import { figuresOfDays, liveServices } from './services-store.ts';
import { showFunction, showService } from './show.ts';

/** Versions with a report that is filed or accepted, as `<function id> <version>`. */
export type FiledVersions = (change: Pick<Change, 'tx'>) => Promise<ReadonlySet<string>>;

interface Asked {
  document: RegisterDocument;
  prune: boolean;
}

/** What the document would change. */
export async function planDocument(change: Change, asked: Asked, filed: FiledVersions): Promise<RegisterPlan> {
  return showPlan(await makePlan(change, asked, filed), change.caller.lang);
}

/** Does what was planned, all or nothing. What the register says now must still lead to the plan with that hash. */
export async function applyDocument(
  change: Change,
  { hash, ...asked }: Asked & { hash: string },
  filed: FiledVersions,
): Promise<RegisterPlan> {
  await holdRegister(change.tx, organisationOf(change));
  const plan = await makePlan(change, asked, filed);
  const shown = showPlan(plan, change.caller.lang);
  if (shown.obstacles.length > 0) {
    throw new Problem('plan-has-obstacles', 'Some of the document cannot be applied.', {
      status: 422,
      params: { count: shown.obstacles.length },
      fields: shown.obstacles.slice(0, 50).map(({ code, path, message }) => ({
        path: `/document${path.map((part) => `/${part}`).join('')}`,
        code,
        message,
      })),
    });
  }
  if (plan.hash !== hash) {
    throw new Problem('plan-changed', 'The register has changed since the plan was made.', { status: 409 });
  }
  refuseWithoutStewardship(change.caller, plan.steps);
  for (const step of plan.steps) await perform(change, step);
  return shown;
}

/** The company speaks through its stewards, in a document as everywhere. A part that changes nothing is nobody's deed. */
function refuseWithoutStewardship({ grants }: Caller, steps: Step[]): void {
  if (!steps.some((step) => step.do === 'write-company') || stewards.some((grant) => grants.has(grant))) return;
  throw new Problem('company-not-allowed', 'The part about the company is for administrators and assessors.', {
    status: 403,
  });
}

function showPlan({ items, obstacles, hash }: Planned, lang: Lang): RegisterPlan {
  return { items, hash, obstacles: obstacles.map((obstacle) => sayObstacle(obstacle, lang)) };
}

export function sayObstacle({ code, path, params }: Obstacle, lang: Lang): RegisterPlan['obstacles'][number] {
  const known = Object.fromEntries(Object.entries(params).map(([name, value]) => [name, value ?? '']));
  const key = code === 'uscc-wrong' ? 'problem.uscc-wrong' : `register.obstacle.${code}`;
  return { code, path, message: say(lang, key, known) };
}

async function makePlan(change: Change, { document, prune }: Asked, filed: FiledVersions): Promise<Planned> {
  const now = await readRegistered(change, document, filed);
  return planRegister(document, now, { prune, latestDay: latestDay(change.now) });
}

/** What is registered now, in a constant number of queries. */
async function readRegistered(
  { tx }: Pick<Change, 'tx'>,
  { services = [] }: RegisterDocument,
  filed: FiledVersions,
): Promise<Registered> {
  const company = await findCompany({ tx });
  const rows = await liveServices(tx);
  const functionRows = await liveFunctions(tx);
  const filedVersions = await filed({ tx });
  const days = [...new Set(services.flatMap(({ figures = [] }) => figures.map(({ asOf }) => asOf)))];
  const figures =
    rows.length > 0 && days.length > 0
      ? await figuresOfDays(
          tx,
          rows.map(({ id }) => id),
          days,
        )
      : [];
  return {
    company: company && withoutDate(company),
    services: rows.map((row): RegisteredService => {
      const { id: _id, updatedAt: _at, withdrawnOn: _on, withdrawnReason: _why, ...service } = showService(row);
      return {
        ...service,
        figures: figures
          .filter(({ service_id }) => service_id === row.id)
          .map(({ kind, value, as_of }) => ({ kind, value, asOf: as_of })),
        functions: functionRows
          .filter(({ service_id }) => service_id === row.id)
          .map((one) => readFunction(one, filedVersions)),
      };
    }),
  };
}

function withoutDate({ updatedAt: _updatedAt, ...company }: Company): NonNullable<Registered['company']> {
  return company;
}

function readFunction(row: FunctionRow, filed: ReadonlySet<string>): RegisteredService['functions'][number] {
  const { revision, slug, name, description, features, facts, plannedLaunch, state, version, launchedOn } =
    showFunction(row);
  const fixed = state === 'launched' || filed.has(`${row.id} ${version}`);
  const fields = { slug, name, description, features, facts, plannedLaunch };
  return { ...fields, revision, state, version, launchedOn, lastLaunchedOn: row.last_launched_on, fixed };
}

const neverFiled = async () => false;

/** The plan was made under the lock that is still held: nothing can have moved, so no revision is asked. */
async function perform(change: Change, step: Step): Promise<void> {
  const { tx, now, caller } = change;
  const today = now.toISOString().slice(0, 10);
  const reason = say(caller.lang, 'register.no-longer-in-document');
  switch (step.do) {
    case 'write-company':
      await saveCompany(change, step.fields, null);
      return;
    case 'add-service':
      await addService(change, step.fields);
      return;
    case 'change-service':
      await changeService(change, step.service, step.fields, null);
      return;
    case 'launch-service':
      await moveService(change, step.service, { to: 'launched', on: step.on, reason: null }, null);
      return;
    case 'withdraw-service':
      await moveService(change, step.service, { to: 'withdrawn', on: today, reason }, null);
      return;
    case 'note-figure':
      await noteFigure(change, step.service, step.figure);
      return;
    case 'add-function':
      await addFunction(change, await findService(tx, step.service), step.fields);
      return;
    default:
      await performOnFunction(change, step, { today, reason });
  }
}

type FunctionStep = Extract<Step, { function: string; do: Exclude<Step['do'], 'add-function'> }>;

async function performOnFunction(
  change: Change,
  step: FunctionStep,
  { today, reason }: { today: string; reason: string },
): Promise<void> {
  const { tx } = change;
  const { id } = await findFunction(tx, step.function, (await findService(tx, step.service)).id);
  switch (step.do) {
    case 'change-function':
      // Whether its facts are fixed was seen when the plan was made.
      await changeFunction(change, id, step.fields, null, neverFiled);
      return;
    case 'new-version':
      await moveFunction(change, id, { to: 'changed', ...step.content }, null);
      return;
    case 'launch-function':
      await moveFunction(change, id, { to: 'launched', on: step.on }, null);
      return;
    case 'withdraw-function':
      await moveFunction(change, id, { to: 'withdrawn', on: today, reason }, null);
      return;
  }
}

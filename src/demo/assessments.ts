import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { z } from 'zod';
import { membersSchema } from '../contract/accounts.ts';
import { type Assessment, assessmentSchema, assessmentsSchema } from '../contract/assessments.ts';
import { hazardSchema } from '../contract/hazards.ts';
import { type newServiceTargetSchema, serviceTargetSchema } from '../contract/service-target.ts';
import { readRegisterDocument } from '../engine/register/read-document.ts';
import type { MoveDay } from './dates.ts';
import type { Door, SignedIn } from './door.ts';
import { type Crew, people } from './people.ts';

const service = 'shimmer-video';
const rulebooks = ['cn-2018', 'cn-2025-labelling'];
/** Enough to see each rendition of each format once or twice. */
const samples = 40;

export interface AssessmentScene {
  root: string;
  /** Where the sample platform listens. */
  platform: string;
  move: MoveDay;
}

/**
 * The face-swap effect, some weeks before its launch: the probes ran against the sample platform and found what is planted there; one
 * hazard is being rectified, the others wait, and so do the requirements that only people can answer. What is there already stays.
 */
export async function assessEffect(crew: Crew, door: Door, scene: AssessmentScene): Promise<void> {
  await describeTarget(crew, door, scene);
  const as = await crew.as('zhou');
  const { items } = await door.ask({ as, path: '/api/v1/assessments', answer: assessmentsSchema });
  const [known] = items;
  const { id } = known ?? (await begin(crew, door));
  let whole = await read(door, as, id);
  if (whole.runs.length === 0) {
    const body = { samples };
    await door.ask({ as, method: 'POST', path: `/api/v1/assessments/${id}/runs`, body, answer: assessmentSchema });
  }
  whole = await ended(crew, door, id);
  await beginRectification(crew, door, { whole, move: scene.move });
  if (whole.comments.length === 0) await talk(crew, door, id);
  if (whole.evidence.every(({ kind }) => kind !== 'attestation')) await answerSome(crew, door, whole);
}

/** Also at every later start: the sample platform may listen elsewhere then. */
export async function describeTarget(crew: Crew, door: Door, { root, platform }: AssessmentScene): Promise<void> {
  const as = await crew.as('gu');
  const path = `/api/v1/services/${service}/target`;
  const { revision, target: kept } = await door.ask({ as, path, answer: serviceTargetSchema });
  if (JSON.stringify(kept?.['hosts']) === JSON.stringify([platform])) return;
  const folder = join(root, 'demo', 'shimmer');
  const { document } = readRegisterDocument(readFileSync(join(folder, 'clearmirror.yaml'), 'utf8'), 'en');
  const target = document?.services?.find(({ slug }) => slug === service)?.target;
  if (!target) throw new Error('the sample repository names no target');
  const secrets = Object.entries(target.secrets).flatMap(([name, where]) =>
    'file' in where ? [[name, readFileSync(join(folder, where.file), 'utf8').trim()] as const] : [],
  );
  const body: z.input<typeof newServiceTargetSchema> = {
    revision,
    target: { ...target, hosts: [platform], secrets: {} },
    secrets: Object.fromEntries(secrets),
  };
  await door.ask({ as, method: 'PUT', path, body, answer: serviceTargetSchema });
}

async function begin(crew: Crew, door: Door): Promise<Assessment> {
  const as = await crew.as('zhou');
  const body = { service, function: 'face-swap', rulebooks };
  return door.ask({ as, method: 'POST', path: '/api/v1/assessments', body, answer: assessmentSchema });
}

function read(door: Door, as: SignedIn, id: string): Promise<Assessment> {
  return door.ask({ as, path: `/api/v1/assessments/${id}`, answer: assessmentSchema });
}

async function ended(crew: Crew, door: Door, id: string): Promise<Assessment> {
  for (;;) {
    const whole = await read(door, await crew.as('zhou'), id);
    if (!whole.running) return whole;
    await sleep(500);
  }
}

/** The first of the hazards that hold the conclusion up is in somebody's hands. */
async function beginRectification(
  crew: Crew,
  door: Door,
  { whole: { hazards }, move }: { whole: Assessment; move: MoveDay },
): Promise<void> {
  const [first] = hazards.filter(({ verifiedRule }) => verifiedRule);
  if (first?.state !== 'open') return;
  const body = {
    to: 'planned',
    owner: await idOf(crew, door, people.gu.email),
    dueOn: move('2026-12-04'),
    plan: '转码后重新写入隐式标识，并在发布前回读核对。 / Write the implicit label again after transcoding, and read it back before publishing.',
  };
  const path = `/api/v1/hazards/${first.id}/moves`;
  await door.ask({ as: await crew.as('gu'), method: 'POST', path, body, answer: hazardSchema });
}

async function idOf(crew: Crew, door: Door, email: string): Promise<string> {
  const as = await crew.as('zhou');
  const { items } = await door.ask({ as, path: '/api/v1/members', answer: membersSchema });
  const found = items.find((member) => member.email === email);
  if (!found) throw new Error(`the demo has no ${email}`);
  return found.id;
}

async function talk(crew: Crew, door: Door, id: string): Promise<void> {
  const body = {
    text: '缩略图由另一条流水线生成，我已联系那边的同事。 / Thumbnails are made by another pipeline; I have written to the colleagues there.',
  };
  const path = `/api/v1/assessments/${id}/comments`;
  await door.ask({ as: await crew.as('gu'), method: 'POST', path, body, answer: assessmentSchema });
}

/** Two requirements that a person answers, with what they rest on. */
async function answerSome(crew: Crew, door: Door, { id, requirements }: Assessment): Promise<void> {
  const as = await crew.as('zhou');
  const some = requirements.filter(({ method, tested }) => tested === null && method.includes('interview')).slice(0, 2);
  if (some.length === 0) return;
  const evidence = {
    kind: 'attestation',
    title: '安全负责人访谈记录 / Interview with the head of safety',
    statement:
      '负责人及值班表已核对，抽查三班均有人在岗。 / The person in charge and the rota were checked; three shifts were sampled, all of them staffed.',
    observedAt: new Date().toISOString(),
    requirements: some.map(({ rulebook, id: own }) => ({ rulebook, id: own })),
  };
  const path = `/api/v1/assessments/${id}`;
  await door.ask({ as, method: 'POST', path: `${path}/evidence`, body: evidence, answer: assessmentSchema });
  for (const { rulebook, id: own } of some) {
    const body = { result: 'conforms', reason: '见访谈记录。 / See the record of the interview.' };
    const to = `${path}/requirements/${rulebook}/${own}`;
    await door.ask({ as, method: 'PATCH', path: to, body, answer: assessmentSchema });
  }
}

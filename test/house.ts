import { createHash, randomUUID } from 'node:crypto';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { openLabelling, openScreening } from '../src/app.ts';
import { readConfig } from '../src/config.ts';
import type { NewOrganisation, Role } from '../src/contract/accounts.ts';
import { type Installation, type InstallationSetup, openInstallation } from '../src/installation.ts';
import { openBlobs } from '../src/platform/blobs/blobs.ts';
import type { Database } from '../src/platform/database/database.ts';
import { openEmbedded } from '../src/platform/database/embedded.ts';
import { migrate } from '../src/platform/database/migrate.ts';
import { openServer as openPostgres } from '../src/platform/database/server.ts';
import { openJobs } from '../src/platform/jobs.ts';
import { testPostgres } from './shared-postgres.ts';

export type On = 'embedded' | 'server';

export interface House extends Installation {
  publicUrl: string;
  /** The clock of the house; tests set it. */
  clock: { now: Date };
  troubles: Error[];
  ask: Ask;
  /** Makes the first administrator through the one-time link and signs in. */
  setUp(organisation?: NewOrganisation): Promise<Person>;
  /** Makes one more organisation with its administrator. */
  addOrganisation(operator: Person, organisation: NewOrganisation): Promise<Person>;
  /** Invites somebody with these roles and accepts. */
  addMember(administrator: Person, roles: Role[]): Promise<Person>;
  signIn(person: { email: string; password: string }): Promise<Person>;
}

export interface Person {
  email: string;
  password: string;
  cookie: string;
  organisation: string;
}

export interface Answer {
  status: number;
  // biome-ignore lint/suspicious/noExplicitAny: tests look at whatever came back
  body: any;
  text: string;
  headers: Record<string, string | string[] | number | undefined>;
}

export type Ask = (
  method: 'GET' | 'POST' | 'PATCH' | 'PUT' | 'DELETE',
  url: string,
  options?: { as?: Person | { key: string } | null; body?: unknown; headers?: Record<string, string> },
) => Promise<Answer>;

export interface HouseOptions
  extends Partial<Pick<InstallationSetup, 'providers' | 'publicUrl' | 'trustProxy' | 'logger' | 'demo'>> {
  on?: On;
  /** One that is there already; it is closed with the house. */
  database?: Database;
  pages?: string;
  screening?: Partial<InstallationSetup['screening']>;
  labelling?: Partial<InstallationSetup['labelling']>;
  assessments?: Partial<InstallationSetup['assessments']>;
}

/** The whole product in this process, on a database of its own, with a clock that stands still. Closed when the test is over. */
export async function openHouse({
  on = 'embedded',
  database,
  screening,
  labelling,
  assessments,
  publicUrl = 'http://127.0.0.1:7300',
  ...more
}: HouseOptions = {}): Promise<House> {
  const clock = { now: new Date('2026-11-22T08:00:00Z') };
  const troubles: Error[] = [];
  const root = new URL('..', import.meta.url).pathname;
  const folder = mkdtempSync(join(tmpdir(), 'clearmirror-house-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const config = readConfig({ CLEARMIRROR_HOME: folder, PATH: process.env['PATH'] });
  const installation = await openInstallation({
    root,
    database: database ?? (await openDatabase(on)),
    secret: 'a secret of a house that stands only for a test',
    publicUrl,
    providers: [],
    now: () => clock.now,
    perMinute: 1_000_000,
    onTrouble: (error) => troubles.push(error),
    documents: openBlobs({ folder: join(folder, 'documents') }),
    screening: {
      blobs: openBlobs({ folder: join(folder, 'media') }),
      uploads: join(folder, 'uploads'),
      openScreening: () => openScreening({ config, root, jobs: 1 }),
      workers: 1,
      ...screening,
    },
    labelling: {
      folder: join(folder, 'labelling'),
      openLabelling: () => openLabelling({ config, root, jobs: 1 }),
      workers: screening?.workers ?? 1,
      signer: null,
      ...labelling,
    },
    assessments: {
      folder: join(folder, 'assessments'),
      allow: {},
      workers: screening?.workers ?? 1,
      ...assessments,
    },
    ...more,
  });
  onTestFinished(() => installation.close());
  const ask = askerOf(installation, publicUrl);
  return { ...installation, publicUrl, clock, troubles, ask, ...peopleOf(installation, ask) };
}

/** A fresh database: in memory, or on the PostgreSQL server that the tests start. */
export async function openDatabase(on: On): Promise<Database> {
  if (on === 'server') return openPostgres({ url: await (await testPostgres()).createHouse() });
  image ??= makeImage();
  return openEmbedded({ image: await image });
}

let image: Promise<Blob> | undefined;

/** Making a data folder takes seconds, copying one does not: it is made once for all test files, with our tables in it. */
async function makeImage(): Promise<Blob> {
  const shelf = join(import.meta.dirname, '..', '.vitest');
  const file = join(shelf, `pglite-${hashOf('package-lock.json', 'migrations')}.tar`);
  if (!existsSync(file)) {
    const database = await openEmbedded({});
    await migrate(database, 'migrations');
    const jobs = await openJobs({ database, queues: [], onTrouble: () => {} });
    await jobs.stop(1_000);
    const dump = await database.pglite.dumpDataDir('none');
    await database.close();
    mkdirSync(shelf, { recursive: true });
    const draft = `${file}.${process.pid}.new`;
    writeFileSync(draft, Buffer.from(await dump.arrayBuffer()));
    renameSync(draft, file);
  }
  return new Blob([readFileSync(file)]);
}

function hashOf(lock: string, folder: string): string {
  const files = [
    lock,
    ...readdirSync(folder)
      .sort()
      .map((name) => join(folder, name)),
  ];
  const hash = createHash('sha256');
  for (const file of files) hash.update(readFileSync(file));
  return hash.digest('hex').slice(0, 16);
}

function askerOf({ server }: Installation, publicUrl: string): Ask {
  return async (method, url, { as = null, body, headers = {} } = {}) => {
    const answer = await server.inject({
      method,
      url,
      headers: {
        ...(method === 'GET' ? {} : { origin: publicUrl }),
        ...(as && 'cookie' in as ? { cookie: as.cookie, 'clearmirror-organisation': as.organisation } : {}),
        ...(as && 'key' in as ? { authorization: `Bearer ${as.key}` } : {}),
        ...headers,
      },
      ...(body === undefined ? {} : { payload: typeof body === 'object' && body !== null ? body : String(body) }),
    });
    const json = String(answer.headers['content-type'] ?? '').includes('json');
    return {
      status: answer.statusCode,
      body: json && answer.body !== '' ? answer.json() : null,
      text: answer.body,
      headers: answer.headers,
    };
  };
}

function peopleOf(
  installation: Installation,
  ask: Ask,
): Pick<House, 'setUp' | 'addOrganisation' | 'addMember' | 'signIn'> {
  let count = 0;
  const newPerson = (name: string) => {
    count += 1;
    const email = `${name}-${count}@shimmer.example`;
    return { name: `${name} ${count}`, email, password: `a long password of ${email}` };
  };
  const enter = async (answer: Answer, person: { email: string; password: string }): Promise<Person> => {
    const cookie = cookieOf(answer);
    const me = await ask('GET', '/api/v1/me', { headers: { cookie } });
    const organisation = me.body.memberships[0].organisation.id;
    return { email: person.email, password: person.password, cookie, organisation };
  };
  const accept = async (address: string, name: string, email: string): Promise<Person> => {
    const person = { ...newPerson(name), email };
    const secret = secretOf(address);
    return enter(await ask('POST', '/api/v1/links/accept', { body: { ...person, secret } }), person);
  };
  return {
    setUp: async (organisation = { kind: 'company', name: 'Example Shimmer Ltd' }) => {
      const address = (await installation.setupLink()) ?? '';
      const person = newPerson('first');
      const body = { secret: secretOf(address), person, organisation };
      return enter(await ask('POST', '/api/v1/setup', { body }), person);
    },
    signIn: async (person) => enter(await ask('POST', '/api/auth/sign-in/email', { body: person }), person),
    addOrganisation: async (operator, organisation) => {
      const email = newPerson('opener').email;
      const { body } = await ask('POST', '/api/v1/organisations', { as: operator, body: { organisation, email } });
      return accept(body.link.address, 'opener', email);
    },
    addMember: async (administrator, roles) => {
      const email = newPerson(roles[0] ?? 'member').email;
      const { body } = await ask('POST', '/api/v1/invitations', { as: administrator, body: { email, roles } });
      return accept(body.address, roles[0] ?? 'member', email);
    },
  };
}

export function secretOf(address: string): string {
  return address.split('#')[1] ?? '';
}

export function cookieOf(answer: Answer): string {
  const cookies = [answer.headers['set-cookie'] ?? []].flat();
  return cookies.map((cookie) => String(cookie).split(';')[0]).join('; ');
}

export const newKey = () => randomUUID();

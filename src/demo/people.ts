import { z } from 'zod';
import {
  acceptedLinkSchema,
  issuedLinkSchema,
  membersSchema,
  type NewOrganisation,
  openedOrganisationSchema,
  type Role,
} from '../contract/accounts.ts';
import type { Door, SignedIn } from './door.ts';

export interface Invented {
  name: string;
  email: string;
  at: 'company' | 'authority';
  role: Role;
}

/** Nobody of these lives: every address ends in `.example`, which is nobody's (RFC 2606). */
export const organisations = {
  company: { kind: 'company', name: '云上微光 Example Shimmer Ltd' },
  authority: {
    kind: 'authority',
    name: '示例市网信办 Example City Internet Office',
    level: 'prefecture',
    // GB/T 2260 gives this number to no place.
    region: '999900',
  },
} as const satisfies Record<Invented['at'], NewOrganisation>;

export const people = {
  lin: { name: '林晚 Lin Wan', email: 'lin.wan@shimmer.example', at: 'company', role: 'administrator' },
  zhou: { name: '周澈 Zhou Che', email: 'zhou.che@shimmer.example', at: 'company', role: 'assessor' },
  gu: { name: '顾念 Gu Nian', email: 'gu.nian@shimmer.example', at: 'company', role: 'engineer' },
  shen: { name: '沈一 Shen Yi', email: 'shen.yi@shimmer.example', at: 'company', role: 'signatory' },
  ye: { name: '叶衡 Ye Heng', email: 'ye.heng@city.example', at: 'authority', role: 'administrator' },
  tang: { name: '唐墨 Tang Mo', email: 'tang.mo@city.example', at: 'authority', role: 'clerk' },
  su: { name: '苏白 Su Bai', email: 'su.bai@city.example', at: 'authority', role: 'examiner' },
  qiao: { name: '乔安 Qiao An', email: 'qiao.an@city.example', at: 'authority', role: 'director' },
} as const satisfies Record<string, Invented>;
export type PersonId = keyof typeof people;

/** The first of each organisation; the others are invited by them. */
const administrators = { company: people.lin, authority: people.ye } as const;

/** Makes both organisations, each with its administrator, by the one-time link of a server that nobody uses yet. */
export async function foundOrganisations(door: Door, { setupLink, password }: { setupLink: string; password: string }) {
  const first = administrators.company;
  const operator = await door.enter({
    method: 'POST',
    path: '/api/v1/setup',
    body: {
      secret: secretOf(setupLink),
      person: { name: first.name, email: first.email, password },
      organisation: organisations.company,
    },
    answer: acceptedLinkSchema,
  });
  const { name, email } = administrators.authority;
  const { link } = await door.ask({
    as: operator,
    method: 'POST',
    path: '/api/v1/organisations',
    body: { organisation: organisations.authority, email },
    answer: openedOrganisationSchema,
  });
  const second = await accept(door, link.address, { name, password });
  for (const one of [operator, second]) await signOut(door, one);
}

/** Invites who is not there yet, and has them accept. */
export async function invitePeople(crew: Crew, door: Door, password: string): Promise<void> {
  for (const at of ['company', 'authority'] as const) {
    const administrator = at === 'company' ? 'lin' : 'ye';
    const as = await crew.as(administrator);
    const { items } = await door.ask({ as, path: '/api/v1/members', answer: membersSchema });
    for (const { name, email, role } of Object.values(people).filter((person) => person.at === at)) {
      if (items.some((member) => member.email === email)) continue;
      const { address } = await door.ask({
        as,
        method: 'POST',
        path: '/api/v1/invitations',
        body: { email, roles: [role] },
        answer: issuedLinkSchema,
      });
      await signOut(door, await accept(door, address, { name, password }));
    }
  }
}

/** The invented people, each signed in when first needed. */
export interface Crew {
  as(person: PersonId): Promise<SignedIn>;
  /** Leaves no session behind: the list of one's sessions shows one's own. */
  leave(): Promise<void>;
}

export function openCrew(door: Door, password: string): Crew {
  const inside = new Map<PersonId, SignedIn>();
  return {
    as: async (person) => {
      const known = inside.get(person);
      if (known) return known;
      const { email } = people[person];
      const body = { email, password };
      const entered = await door.enter({ method: 'POST', path: '/api/auth/sign-in/email', body, answer: z.unknown() });
      inside.set(person, entered);
      return entered;
    },
    leave: async () => {
      for (const [person, one] of inside) {
        await signOut(door, one);
        inside.delete(person);
      }
    },
  };
}

function accept(door: Door, address: string, { name, password }: { name: string; password: string }) {
  const body = { secret: secretOf(address), name, password };
  return door.enter({ method: 'POST', path: '/api/v1/links/accept', body, answer: acceptedLinkSchema });
}

async function signOut(door: Door, as: SignedIn): Promise<void> {
  await door.ask({ as, method: 'POST', path: '/api/auth/sign-out', body: {}, answer: z.unknown() });
}

/** What stands behind `#` in a one-time link. */
function secretOf(address: string): string {
  return address.split('#')[1] ?? '';
}

import { lookup, Resolver } from 'node:dns/promises';
import { isIP } from 'node:net';
import { networkInterfaces } from 'node:os';
import { canonical, isIn, isNeverMeant, isPublic } from './addresses.ts';
import { refuse } from './refusal.ts';

/** What the operator opened beyond the public internet. */
export interface Allowed {
  /** Names that may lead to private addresses, e.g. `media.example.internal`. */
  hosts?: string[];
  /** CIDR, e.g. `10.20.0.0/16`. */
  networks?: string[];
  /** Besides 80 and 443. */
  ports?: number[];
}

/** All addresses of a name, IPv4 and IPv6. Rejects or gives none when there are none. */
export type Resolve = (host: string) => Promise<string[]>;

/** Where a request may go: these addresses and no others, whatever the name says a moment later. */
export interface Destination {
  url: URL;
  addresses: string[];
}

export interface DestinationRules {
  allow: Allowed;
  resolve: Resolve | undefined;
  resolveMs: number;
  /** The addresses of this machine: even a public one of them may reach what its firewall keeps from others. */
  own: string[];
}

export function ownAddresses(): string[] {
  return Object.values(networkInterfaces()).flatMap((list) => (list ?? []).map(({ address }) => address));
}

/** Reads and resolves an address that somebody else chose; throws the Problem for one that we do not go to. */
export async function findDestination(text: string, rules: DestinationRules): Promise<Destination> {
  const url = readAddress(text, rules.allow);
  return { url, addresses: await findAddresses(url, rules) };
}

/** The WHATWG parser has already undone spellings like `http://0x7f.1` or `http://①②⑦.1` and turned names into Punycode. */
function readAddress(text: string, { ports = [] }: Allowed): URL {
  const url = URL.canParse(text) ? new URL(text) : null;
  if (!url) throw refuse('address-malformed');
  if (url.protocol !== 'http:' && url.protocol !== 'https:') {
    throw refuse('address-scheme', { scheme: url.protocol.slice(0, -1) });
  }
  if (url.username !== '' || url.password !== '') throw refuse('address-credentials');
  // The root's dot names the same host and would slip past comparisons.
  const host = url.hostname.replace(/\.+$/, '');
  if (host === '') throw refuse('address-malformed');
  url.hostname = host;
  const port = portOf(url);
  if (port !== 80 && port !== 443 && !ports.includes(port)) throw refuse('address-port', { port });
  url.hash = '';
  return url;
}

function portOf({ port, protocol }: URL): number {
  if (port !== '') return Number(port);
  return protocol === 'https:' ? 443 : 80;
}

/**
 * An address that is written out and forbidden is called private. A *name* that leads to no public address is answered like a name
 * that does not exist, and nothing is ever tried: otherwise our answers would be a map of the inside network.
 */
async function findAddresses(url: URL, rules: DestinationRules): Promise<string[]> {
  const host = url.hostname.replace(/^\[|\]$/g, '');
  const allowed = (address: string) => mayGo(host, address, rules);
  if (isIP(host) !== 0) {
    const address = canonical(host);
    if (address === null || !allowed(address)) throw refuse('address-private', { host });
    return [address];
  }
  // RFC 6761: these are loopback without asking anybody.
  if (/(^|\.)localhost$/.test(host) && !(rules.allow.hosts ?? []).includes(host)) {
    throw refuse('address-private', { host });
  }
  const found = await resolveInTime(host, rules);
  const addresses = found.map(canonical).filter((address) => address !== null);
  if (addresses.length === 0 || addresses.length < found.length || !addresses.every(allowed)) {
    throw refuse('address-unresolvable', { host });
  }
  return addresses;
}

function mayGo(host: string, address: string, { allow, own }: DestinationRules): boolean {
  const { hosts = [], networks = [] } = allow;
  if (isIn(address, networks)) return true;
  if (hosts.includes(host) && !isNeverMeant(address)) return true;
  return isPublic(address) && !own.some((ours) => canonical(ours) === address);
}

async function resolveInTime(host: string, { allow, resolve, resolveMs }: DestinationRules): Promise<string[]> {
  const inside = (allow.hosts ?? []).includes(host);
  const ask = resolve ?? (inside ? askSystem : askNameServers);
  const { promise: tooLate, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(() => reject(new Error('the name servers were too slow')), resolveMs);
  try {
    return await Promise.race([ask(host), tooLate]);
  } catch (error) {
    throw refuse('address-unresolvable', { host }, error);
  } finally {
    clearTimeout(timer);
  }
}

/** Knows /etc/hosts, but keeps one of the few threads of this process busy while it waits: only for hosts the operator named. */
async function askSystem(host: string): Promise<string[]> {
  return (await lookup(host, { all: true })).map(({ address }) => address);
}

async function askNameServers(host: string): Promise<string[]> {
  const resolver = new Resolver({ timeout: 3000, tries: 2 });
  const answers = await Promise.allSettled([resolver.resolve4(host), resolver.resolve6(host)]);
  return answers.flatMap((answer) => (answer.status === 'fulfilled' ? answer.value : []));
}

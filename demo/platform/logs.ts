import type { FastifyRequest } from 'fastify';
import type { Gaps } from './gaps.ts';

/** One line of the network log that a provider keeps (account, time, operation, addresses, port, device). */
export interface LogEntry {
  account: string;
  at: Date;
  operation: string;
  sourceAddress: string;
  /** Left out by a platform that does not record it. */
  sourcePort?: number;
  destinationAddress: string;
  device: string;
  item: string | null;
}

export type Operation =
  | 'sign-in'
  | 'publish'
  | 'effect'
  | 'room'
  | 'close-room'
  | 'delete'
  | 'complaint'
  | 'known-fake';

export interface Log {
  write(request: FastifyRequest, about: { account: string; operation: Operation; item: string | null }): void;
  /** Newest first. */
  entries(): LogEntry[];
}

const dayMs = 24 * 3_600_000;
const entriesADay = 3;

export function openLog({ gaps, now }: { gaps: Gaps; now: () => Date }): Log {
  const days = gaps.has('logs-short') ? 30 : 200;
  const withPort = (port: number | undefined) =>
    gaps.has('logs-without-port') || port === undefined ? {} : { sourcePort: port };
  const today = now().getTime();
  const entries: LogEntry[] = Array.from({ length: days * entriesADay }, (_, index) => ({
    account: `shimmer-user-${10 + (index % 23)}`,
    at: new Date(today - (days * dayMs * (days * entriesADay - index)) / (days * entriesADay)),
    operation: pastOperations[index % pastOperations.length] ?? 'sign-in',
    // RFC 5737: addresses that belong to nobody.
    sourceAddress: `203.0.113.${1 + (index % 200)}`,
    ...withPort(20_000 + ((index * 37) % 40_000)),
    destinationAddress: '198.51.100.20:443',
    device: `Shimmer/5.${index % 4} (sample device)`,
    item: null,
  }));
  return {
    write({ socket, headers }, about) {
      entries.push({
        ...about,
        at: now(),
        sourceAddress: socket.remoteAddress ?? '',
        ...withPort(socket.remotePort),
        destinationAddress: `${socket.localAddress}:${socket.localPort}`,
        device: (headers['user-agent'] ?? 'unknown').slice(0, 200),
      });
    },
    entries: () => entries.toReversed(),
  };
}

const pastOperations: readonly Operation[] = ['sign-in', 'publish', 'sign-in', 'complaint', 'effect'];

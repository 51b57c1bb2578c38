import { readdirSync, readFileSync } from 'node:fs';

/** What a process and all its descendants use right now. */
export interface Usage {
  /** Resident memory that is not backed by files, in bytes. Address space is not counted: Node and WASM reserve terabytes. */
  residentBytes: number;
  /** User and system time of all of them, ended children included, in milliseconds. */
  cpuMs: number;
  processes: number;
}

/** Reads /proc from outside the box: what runs inside cannot lie about it. */
export function measureTree(rootPid: number): Usage {
  const usage: Usage = { residentBytes: 0, cpuMs: 0, processes: 0 };
  for (const one of processesOf(rootPid)) {
    usage.residentBytes += one.residentBytes;
    usage.cpuMs += one.ownCpuMs + one.endedCpuMs;
    usage.processes += 1;
  }
  return usage;
}

export interface ProcessUsage {
  pid: number;
  residentBytes: number;
  ownCpuMs: number;
  /** Of children that it has waited for. */
  endedCpuMs: number;
}

/** A process and its descendants, at most 512 of them. */
export function processesOf(rootPid: number): ProcessUsage[] {
  const found: ProcessUsage[] = [];
  const waiting = [rootPid];
  for (let pid = waiting.pop(); pid !== undefined && found.length < 512; pid = waiting.pop()) {
    try {
      const residentBytes = residentOf(readFileSync(`/proc/${pid}/status`, 'latin1'));
      found.push({ pid, residentBytes, ...cpuOf(pid) });
      waiting.push(...childrenOf(pid));
    } catch {
      // It ended between two reads: nothing left to count.
    }
  }
  return found;
}

/** Own and shared memory, but not mapped files: those are the libraries that every examiner has in common. */
function residentOf(status: string): number {
  const kilobytes = (field: string) => Number(new RegExp(`^${field}:\\s+(\\d+) kB`, 'm').exec(status)?.[1] ?? 0);
  return (kilobytes('RssAnon') + kilobytes('RssShmem')) * 1024;
}

/** Clock ticks are 10 ms on every Linux that Node supports (sysconf _SC_CLK_TCK = 100). */
const tickMs = 10;

function cpuOf(pid: number): { ownCpuMs: number; endedCpuMs: number } {
  const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
  // Fields after the command name, which is in brackets and may hold anything: proc(5), fields 14-17.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  const ticks = (first: number) => Number(fields[first]) + Number(fields[first + 1]);
  return { ownCpuMs: ticks(11) * tickMs, endedCpuMs: ticks(13) * tickMs };
}

function childrenOf(pid: number): number[] {
  return readdirSync(`/proc/${pid}/task`).flatMap((thread) => {
    try {
      return readFileSync(`/proc/${pid}/task/${thread}/children`, 'latin1')
        .trim()
        .split(' ')
        .filter(Boolean)
        .map(Number);
    } catch {
      return [];
    }
  });
}

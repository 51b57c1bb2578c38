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
  const waiting = [rootPid];
  for (let pid = waiting.pop(); pid !== undefined && usage.processes < 512; pid = waiting.pop()) {
    try {
      const [, resident = '0', shared = '0'] = readFileSync(`/proc/${pid}/statm`, 'latin1').split(' ');
      usage.residentBytes += Math.max(0, Number(resident) - Number(shared)) * pageBytes;
      usage.cpuMs += cpuOf(pid);
      usage.processes += 1;
      waiting.push(...childrenOf(pid));
    } catch {
      // It ended between two reads: nothing left to count.
    }
  }
  return usage;
}

const pageBytes = 4096;
/** Clock ticks are 10 ms on every Linux that Node supports (sysconf _SC_CLK_TCK = 100). */
const tickMs = 10;

function cpuOf(pid: number): number {
  const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
  // Fields after the command name, which is in brackets and may hold anything: proc(5), fields 14-17.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  let ticks = 0;
  for (let index = 11; index <= 14; index += 1) ticks += Number(fields[index]);
  return ticks * tickMs;
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

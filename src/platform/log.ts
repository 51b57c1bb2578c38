import { type Logger, type LoggerOptions, type LevelWithSilent as LogLevel, pino, stdTimeFunctions } from 'pino';
import { hideSecrets } from './log-secrets.ts';
import { oneLine } from './one-line.ts';

export type { Logger, LogLevel };

export interface LogSetup {
  level: LogLevel;
  /** One JSON object a line for machines, or lines for a person at a terminal. */
  format: 'json' | 'readable';
  /** Takes whole lines, e.g. `(line) => process.stderr.write(line)`. */
  write(line: string): void;
  /** Values that must never appear, wherever they come from: keys, passwords, the database's address with its password. */
  secrets?: string[];
}

/**
 * The log of this process. `log.child({ requestId })` adds to every line. Secrets are taken out of the finished line, so it does not
 * matter which way they came in: merged object, child binding, serialiser, error, interpolation.
 */
export function createLog({ level, format, write, secrets = [] }: LogSetup): Logger {
  const options: LoggerOptions = {
    level,
    timestamp: stdTimeFunctions.isoTime,
    formatters: { level: (label) => ({ level: label }) },
  };
  return pino(options, {
    write(line: string) {
      const record = hideSecrets(parseLine(line), secrets);
      write(format === 'json' ? `${JSON.stringify(record)}\n` : sayLine(record));
    },
  });
}

function parseLine(line: string): Record<string, unknown> {
  try {
    return { ...JSON.parse(line) };
  } catch {
    // What cannot be read cannot be cleaned.
    return { level: 'error', msg: 'a line of the log could not be read and was left out' };
  }
}

/** `08:15:04 WARN  a worker fell silent  worker=3`, and the stack of an error below it. */
function sayLine({ time, level, msg, pid: _pid, hostname: _hostname, err, ...more }: Record<string, unknown>): string {
  const clock = typeof time === 'string' ? time.slice(11, 19) : '--:--:--';
  const stack = typeof err === 'object' && err !== null && 'stack' in err ? String(err.stack) : '';
  const rest = { ...more, ...(err !== undefined && stack === '' ? { err } : {}) };
  const values = Object.entries(rest).map(([name, value]) => `${name}=${sayValue(value)}`);
  const head = [clock, String(level).toUpperCase().padEnd(5), oneLine(String(msg ?? ''))].join(' ');
  const below = stack.split('\n').filter((line) => line.trim() !== '');
  return `${[[head, ...values].join('  '), ...below.map((line) => `    ${oneLine(line.trim())}`)].join('\n')}\n`;
}

function sayValue(value: unknown): string {
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  return oneLine(/[\s=]/.test(text) && typeof value === 'string' ? JSON.stringify(text) : text);
}

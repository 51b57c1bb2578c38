import type { Config } from '../config.ts';

/** What every command is given. Commands print only through it, so a test can read what a person would see. */
export interface CommandContext {
  config: Config;
  /** Root of the installation (the folder of package.json). */
  root: string;
  out: (text: string) => void;
  err: (text: string) => void;
  /** Ends the command with this exit code; see docs/exit-codes.md. */
  exit: (code: number) => void;
}

import { expect } from 'vitest';
import { Problem } from '../src/contract/problem.ts';

/** The Problem with which the work is refused. It says what was wrong and what to do, in words and not in keys. */
export async function refusalOf(work: () => unknown): Promise<Problem> {
  try {
    await work();
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    expect(`${error.message} ${error.next}`).not.toMatch(/cli\.|(?<!received )undefined|\{\{/);
    return error;
  }
  throw new Error('it was not refused');
}

export async function codeOf(work: () => unknown): Promise<string> {
  return (await refusalOf(work)).code;
}

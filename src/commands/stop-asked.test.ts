import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { expect, onTestFinished, test } from 'vitest';

/** A process that is asked to stop and never comes to an end by itself. */
const script = `import { stopAsked } from './src/commands/stop-asked.ts';
  setInterval(() => {}, 1000);
  const stopped = stopAsked();
  console.log('begun');
  await stopped;
  console.log('stopping');`;

test.each([
  ['SIGINT', 'SIGTERM', 143],
  ['SIGTERM', 'SIGINT', 130],
  ['SIGINT', 'SIGINT', 130],
  ['SIGHUP', 'SIGTERM', 143],
] as const)('%s asks to stop, and %s after it ends at once', async (first, second, code) => {
  const child = spawn(process.execPath, ['--input-type=module-typescript', '--eval', script], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  onTestFinished(() => void child.kill('SIGKILL'));
  const ended = once(child, 'close');
  child.stdout.setEncoding('utf8');
  expect(await once(child.stdout, 'data')).toEqual(['begun\n']);
  child.kill(first);
  expect(await once(child.stdout, 'data')).toEqual(['stopping\n']);
  child.kill(second);
  expect(await ended).toEqual([code, null]);
});

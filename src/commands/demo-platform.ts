import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

export interface DemoPlatform {
  url: string;
  stop(): Promise<void>;
}

/** Where `demo/shimmer/clearmirror.yaml` looks for it. */
const usualPort = 7411;
/** What the demo's assessment finds. */
const planted = ['transcode-drops-labels', 'preview-unlabelled', 'complaints-slow'];

/**
 * Starts the sample platform that the demo assesses, in a process of its own: it is a stranger to the server. At its usual port when that
 * is free. Null when it does not start; the demo goes on without it.
 */
export async function startDemoPlatform(root: string): Promise<DemoPlatform | null> {
  const port = (await isFree(usualPort)) ? usualPort : 0;
  const words = ['--port', String(port), '--gaps', planted.join(','), '--until-alone'];
  const child = spawn(process.execPath, [join(root, 'demo/platform/main.ts'), ...words], {
    cwd: root,
    // Its standard input ends with us, also when we are killed.
    stdio: ['pipe', 'pipe', 'ignore'],
  });
  const gone = once(child, 'exit');
  const lines = createInterface({ input: child.stdout });
  const first = await Promise.race([once(lines, 'line').then(([line]) => String(line)), gone.then(() => '')]);
  const url = /listens at (\S+)/.exec(first)?.[1];
  if (url === undefined) return null;
  return {
    url,
    stop: async () => {
      if (child.exitCode === null && child.signalCode === null) {
        child.stdin.end();
        await gone;
      }
    },
  };
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const probe = createServer().once('error', () => resolve(false));
    probe.listen(port, '127.0.0.1', () => probe.close(() => resolve(true)));
  });
}

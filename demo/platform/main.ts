import { once } from 'node:events';
import { InvalidArgumentError, program } from 'commander';
import { stopAsked } from '../../src/commands/stop-asked.ts';
import { wholeNumber } from '../../src/commands/whole-number.ts';
import { type Gap, gaps, gapsFrom } from './gaps.ts';
import { openPlatform } from './platform.ts';

const options = program
  .description('Shimmer Video (示例): an invented platform to be assessed')
  .option('--port <number>', '0 takes a free one', wholeNumber(0, 65_535), 7411)
  .option('--host <address>', '', '127.0.0.1')
  .option('--until-alone', 'ends when its standard input does: with whoever started it', false)
  .option('--gaps <ids>', `weaknesses to plant: ${gaps.map(({ id }) => id).join(', ')}, or all`, known, [])
  .parse()
  .opts<{ port: number; host: string; gaps: Gap[]; untilAlone: boolean }>();

const stopped = Promise.race([stopAsked(), ...(options.untilAlone ? [once(process.stdin.resume(), 'end')] : [])]);
const platform = await openPlatform({
  ...options,
  onBug: (bug) => process.stderr.write(`${bug instanceof Error ? bug.stack : String(bug)}\n`),
});
process.stdout.write(`Shimmer Video (sample) listens at ${platform.url}\n`);
await stopped;
process.stdin.destroy();
await platform.close();

function known(text: string): Gap[] {
  const asked = gapsFrom(text);
  if (!asked) throw new InvalidArgumentError(gaps.map(({ id }) => id).join(', '));
  return asked;
}

import { join } from 'node:path';
import { parseCLI, startVitest, type Vitest } from 'vitest/node';

/**
 * `./clearmirror test [vitest args]`: Vitest as it is, then one plain line, `N passed, N failed` (and `, N skipped`), the last of
 * the output. Exits non-zero when anything failed, when nothing ran, and when an error happened outside any test.
 */
// Tests name fixtures from the root, wherever the launcher was called.
process.chdir(join(import.meta.dirname, '..'));

const { filter, options } = parseCLI(['vitest', 'run', ...process.argv.slice(2)]);
const vitest = await startVitest('test', filter, { ...options, watch: false });
const count = countOutcomes(vitest);
const failed = count.failed + count.unloadable + count.stray;

if (count.unloadable > 0) console.log(`Files or suites that failed outside their tests: ${count.unloadable}`);
if (count.stray > 0) console.log(`Errors outside any test file: ${count.stray}`);
if (count.passed + failed === 0) console.log('No test ran.');
console.log(`${count.passed} passed, ${failed} failed${count.skipped > 0 ? `, ${count.skipped} skipped` : ''}`);
process.exit(failed === 0 && count.passed > 0 && !process.exitCode ? 0 : 1);

function countOutcomes(run: Vitest) {
  const count = { passed: 0, failed: 0, skipped: 0, unloadable: 0, stray: run.state.getUnhandledErrors().length };
  for (const module of run.state.getTestModules()) {
    if (module.errors().length > 0) count.unloadable += 1;
    for (const suite of module.children.allSuites()) if (suite.errors().length > 0) count.unloadable += 1;
    for (const test of module.children.allTests()) {
      const { state } = test.result();
      // A test that never got its turn, say after --bail, did not pass.
      count[state === 'pending' ? 'skipped' : state] += 1;
    }
  }
  return count;
}

import { defineConfig } from 'vitest/config';
import { BaseSequencer, type TestSpecification } from 'vitest/node';

/** What takes minutes begins first: begun last, it would keep one worker while the other has nothing left. */
class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const rank = ({ moduleId }: TestSpecification) =>
      /kills|test\/(checks|journeys\/(label|demo|assess-gaps|assess-recording))\.test/.test(moduleId)
        ? 0
        : /\/test\/(browser|journeys)\//.test(moduleId)
          ? 1
          : 2;
    return (await super.sort(files)).toSorted((one, other) => rank(one) - rank(other));
  }
}

export default defineConfig({
  test: {
    include: ['src/**/*.test.ts', 'test/**/*.test.ts', 'web/**/*.test.ts'],
    // Tests spawn sandboxes, ffmpeg and browsers on machines of two shared cores.
    testTimeout: 300_000,
    hookTimeout: 300_000,
    expect: { poll: { timeout: 60_000 } },
    // One more than cores: much of a journey is waiting for a process that it killed or a page that draws itself.
    maxWorkers: 3,
    globalSetup: 'test/run-setup.ts',
    sequence: { sequencer: LongestFirst },
  },
});

import { styleText } from 'node:util';
import type { Labelling, LabelStep } from '../contract/labelling.ts';
import type { Problem } from '../contract/problem.ts';
import type { Check } from '../contract/screening.ts';
import type { Say } from '../contract/words.ts';
import { plain } from './screen-text.ts';

/** What was done to one file, for a person at a terminal. */
export function describeLabelling(done: Labelling, say: Say): string {
  const { readBack, cannot } = done;
  const checks = readBack.flatMap((signal) => signal.checks);
  const measured = done.steps.flatMap((step) => (step.step === 'explicit' ? (step.measured ?? []) : []));
  const all = [...checks, ...measured];
  const passed = all.filter(({ outcome }) => outcome === 'pass').length;
  const lines = [
    `${styleText(['green', 'bold'], '✓')} ${plain(done.input.name, 'text')} → ${styleText('bold', plain(done.output.name, 'text'))}`,
    ...done.steps.flatMap((step) => describeStep(step, say)).map((line) => `  ${line}`),
    `  ${styleText('gray', say('cli.label.read-back', { passed, of: all.length }))}`,
    ...checks
      .filter(({ outcome }) => outcome !== 'pass')
      .map(({ id, code, clause, subject }) =>
        styleText('yellow', `    ▲ ${id} ${say(`check.${code}`, { subject: subject ?? '' })} (${clause})`),
      ),
  ];
  if (cannot.length > 0) {
    lines.push(`  ${styleText('yellow', say('cli.label.cannot'))}`);
    for (const { requirement, clause, code, params } of cannot) {
      lines.push(`    ▲ ${requirement}  ${say(`label.shortfall.${code}`, params)} ${styleText('gray', `(${clause})`)}`);
    }
  }
  return `${lines.join('\n')}\n`;
}

function describeStep(step: LabelStep, say: Say): string[] {
  switch (step.step) {
    case 'implicit': {
      const { how, path, replaced, sealed, fields } = step;
      const parts = [
        say(`cli.label.done.${how}`),
        ...(path ? [say('cli.label.at', { path })] : []),
        ...(replaced > 0 && how === 'written' ? [say('cli.label.replaced', { count: replaced })] : []),
        ...(sealed ? [say('cli.label.sealed')] : []),
      ];
      const values = Object.entries(fields ?? {}).filter(([, value]) => value !== '');
      const width = Math.max(0, ...values.map(([name]) => name.length));
      return [
        parts.join(' · '),
        ...values.map(
          ([name, value]) =>
            `  ${name.padEnd(width)}  ${plain(value.length > 72 ? `${value.slice(0, 71)}…` : value, 'text')}`,
        ),
      ];
    }
    case 'source-type':
      return [say('cli.label.source-type-written', { term: step.term })];
    case 'explicit': {
      const { kind, text, heightRatio, position, lost } = step;
      const height = heightRatio === null ? [] : [`${(heightRatio * 100).toFixed(1)} %`];
      const parts = [
        say(`cli.label.explicit.${kind}`, { text: text ?? '' }),
        ...height,
        ...position.split(',').map((place) => say(`cli.label.position.${place}`)),
        ...(step.toMs === null ? [] : [`${((step.fromMs ?? 0) / 1000).toFixed(1)}–${(step.toMs / 1000).toFixed(1)} s`]),
      ];
      return [
        parts.join(' · '),
        ...lost.map((code) => `  ${styleText('gray', say(`label.lost.${code}`))}`),
        ...measuredLines(step.measured, say),
      ];
    }
    case 'watermark':
      return [say('cli.label.watermarked', { identifier: step.identifier })];
    case 'credentials': {
      const { signer, algorithm, manifest, timestamped, parent, sidecar } = step;
      const notes = [
        ...(timestamped ? [say('cli.label.timestamped')] : []),
        ...(parent ? [say('cli.label.parent')] : []),
        ...(sidecar ? [say('cli.label.sidecar', { file: plain(sidecar, 'text') })] : []),
      ];
      return [
        say('cli.label.signed', { signer: plain(signer, 'text'), algorithm, manifest }),
        ...notes.map((note) => `  ${note}`),
      ];
    }
  }
}

/** What measuring the new file found: one line when all is well, else what is short of which clause. */
function measuredLines(measured: readonly Check[] | null, say: Say): string[] {
  if (measured === null) return [`  ${styleText('gray', say('cli.label.unmeasured'))}`];
  const failed = measured.filter(({ outcome }) => outcome === 'fail');
  if (failed.length === 0) return [`  ${styleText('gray', say('cli.label.measured'))}`];
  return [
    `  ${styleText('yellow', say('cli.label.measured-short'))}`,
    ...failed.map(({ id, code, clause, subject }) =>
      styleText(
        'yellow',
        `    ▲ ${id} ${say(`check.${code}`)}${subject === undefined ? '' : ` (${plain(subject, 'text')})`} (${clause})`,
      ),
    ),
  ];
}

export function describeRefusal(input: string, problem: Problem, say: Say): string {
  const next = problem.next ? `\n    → ${problem.next}` : '';
  return `${styleText(['red', 'bold'], '✗')} ${plain(input, 'text')}${say('cli.colon')}${problem.message}${next}\n`;
}

export function describeTotals({ done, refused }: { done: number; refused: number }, say: Say): string {
  const parts = [say('cli.label.total', { count: done })];
  if (refused > 0) parts.push(say('cli.label.refused', { count: refused }));
  return `${parts.join(' · ')}\n`;
}

import type { DetectorKind } from '../contract/card.ts';
import type { Finding, Signal } from '../contract/screening.ts';
import type { DetectorInput, Detectors } from '../engine/forensics/forensics.ts';

/** An empty slot is answered without loading anything: most installations have no detector for most files. */
export async function detect(
  inputs: DetectorInput[],
  installed: ReadonlySet<DetectorKind>,
  detectors: () => Promise<Detectors>,
): Promise<{ signals: Signal[]; findings: Finding[] }> {
  const signals: Signal[] = [];
  const findings: Finding[] = [];
  for (const input of inputs) {
    if (!installed.has(input.kind)) findings.push(noDetector(input.kind));
    else {
      const { runDetectors } = await detectors();
      const result = await runDetectors(input);
      signals.push(...result.signals);
      findings.push(...result.findings);
    }
  }
  return { signals, findings };
}

function noDetector(kind: DetectorKind): Finding {
  return { code: 'no-detector', severity: 'info', stage: 'forensics', params: { kind } };
}

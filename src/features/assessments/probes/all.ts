import type { ProbeId } from '../../../contract/assessment.ts';
import { complaints } from './complaints/probe.ts';
import { credentialsSurvive } from './credentials-survive/probe.ts';
import { exportsLabelled } from './exports-labelled/probe.ts';
import { genuineUnflagged } from './genuine-unflagged/probe.ts';
import { identity } from './identity/probe.ts';
import { labelsSurvive } from './labels-survive/probe.ts';
import { logs } from './logs/probe.ts';
import { malformed } from './malformed/probe.ts';
import type { Probe } from './probe.ts';
import { publicSign } from './public-sign/probe.ts';
import { reuploadRecognised } from './reupload-recognised/probe.ts';

/** In the order in which they run: what changes nothing at the service first, what might harm it last. */
const byId = {
  'labels-survive': labelsSurvive,
  'public-sign': publicSign,
  'genuine-unflagged': genuineUnflagged,
  'exports-labelled': exportsLabelled,
  'credentials-survive': credentialsSurvive,
  'reupload-recognised': reuploadRecognised,
  complaints,
  logs,
  identity,
  malformed,
} satisfies Record<ProbeId, Probe>;

export const probes: readonly Probe[] = Object.values(byId);

export function probeOf(id: ProbeId): Probe {
  return byId[id];
}

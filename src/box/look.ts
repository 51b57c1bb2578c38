import { type LookedAt, type LookRequest, nothing } from './looked-at.ts';

/** Everything that needs decoded pixels or sound: pixel watermarks, detectors, pictures for the report. */
export async function lookAtMedia(request: LookRequest): Promise<LookedAt> {
  switch (request.kind) {
    case 'image':
      return (await import('./look-image.ts')).lookAtImage(request);
    case 'video':
    case 'audio':
      return (await import('./look-streams.ts')).lookAtStreams(request);
    case 'document':
      return nothing([
        { code: 'not-decoded-by-design', severity: 'info', stage: 'decode', params: { format: request.format } },
      ]);
  }
}

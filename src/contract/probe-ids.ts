/** The probes, in the order in which they run. A file of its own: the pages take it without the schemas. */
export const probeIds = [
  'labels-survive',
  'public-sign',
  'genuine-unflagged',
  'exports-labelled',
  'credentials-survive',
  'reupload-recognised',
  'complaints',
  'logs',
  'identity',
  'malformed',
] as const;
export type ProbeId = (typeof probeIds)[number];

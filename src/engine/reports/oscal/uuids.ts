import { createHash } from 'node:crypto';

/** The UUIDs of everything that a run's documents name. The same run gives the same ones, in either language. */
export function uuidsOf(run: string) {
  const of = (...name: (string | number)[]) => uuidIn(run, JSON.stringify(name));
  return {
    company: of('company'),
    service: of('service'),
    function: of('function'),
    tool: of('tool'),
    platform: of('platform'),
    result: of('result'),
    activity: (probe: number) => of('activity', probe),
    step: (probe: number, step: number) => of('step', probe, step),
    task: (probe: number) => of('task', probe),
    probe: (probe: number) => of('observation', probe),
    loss: (probe: number, loss: number) => of('loss', probe, loss),
    finding: (requirement: number) => of('finding', requirement),
    risk: (hazard: number) => of('risk', hazard),
    item: (hazard: number) => of('item', hazard),
    remediation: (hazard: number) => of('remediation', hazard),
    milestone: (hazard: number, what: string) => of('milestone', hazard, what),
    logged: (hazard: number, step: number) => of('logged', hazard, step),
    resource: (...name: string[]) => of('resource', ...name),
    /** OSCAL wants a new one for a document whenever what it says changes. */
    document: (content: unknown) => of('document', JSON.stringify(content)),
  };
}

/** A name-based UUID, version 5 (RFC 9562, 5.5), in the namespace of another UUID. */
export function uuidIn(namespace: string, name: string): string {
  const bytes = createHash('sha1')
    .update(Buffer.from(namespace.replaceAll('-', ''), 'hex'))
    .update(name)
    .digest()
    .subarray(0, 16);
  bytes.writeUInt8((bytes.readUInt8(6) & 0x0f) | 0x50, 6);
  bytes.writeUInt8((bytes.readUInt8(8) & 0x3f) | 0x80, 8);
  return bytes.toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}

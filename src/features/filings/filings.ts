import type { Tx } from '../../platform/database/database.ts';
import type { Endpoint } from '../../platform/http/endpoint.ts';
import type { Server } from '../../platform/http/server.ts';
import { type DocumentSetup, serveDocuments } from './documents.ts';
import { filingEndpoints } from './routes.ts';
import { filingById, versionsFiled } from './store.ts';

export { documentBySha256, neededDocuments } from './documents-store.ts';
export { filingsOf } from './store.ts';

export interface Filings {
  endpoints: Endpoint[];
  serve(server: Server): void;
}

/** Reports that were filed with an authority, and what became of them. */
export function openFilings(setup: DocumentSetup & { isRulebook: (id: string) => boolean }): Filings {
  return {
    endpoints: filingEndpoints(setup.isRulebook),
    serve: (server) => serveDocuments(server, setup),
  };
}

/** What a filing was about, and where it stands. */
export async function filingAbout(tx: Tx, id: string) {
  const row = await filingById(tx, id);
  if (!row) return undefined;
  const { rulebook, service_id: service, function_id: one, version, state } = row;
  return { rulebook, service, function: one, version, state };
}

/** What the register asks: is a report about that version of a function filed or accepted? */
export async function isFiled(tx: Tx, functionId: string, version: number): Promise<boolean> {
  const filed = await versionsFiled(tx, functionId);
  return filed.some((one) => one.version === version);
}

/** All such versions, as `<function id> <version>`. */
export async function filedVersions({ tx }: { tx: Tx }): Promise<ReadonlySet<string>> {
  const filed = await versionsFiled(tx);
  return new Set(filed.map((one) => `${one.function_id} ${one.version}`));
}

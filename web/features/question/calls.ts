import type { Facts } from '../../../src/contract/facts.ts';
import type { AskService } from '../../../src/contract/gate.ts';
import { api, ask } from '../../api/api.ts';

/** The question, put to facts alone; nothing is stored. */
export const askFacts = (facts: Facts, signal: AbortSignal) =>
  ask(api.POST('/api/v1/question', { body: { facts }, signal }));

/** The question, put to what is registered about a service; `overrides` are taken instead, this once. */
export const askService = (id: string, body: AskService, signal: AbortSignal) =>
  ask(api.POST('/api/v1/services/{id}/question', { params: { path: { id } }, body, signal }));

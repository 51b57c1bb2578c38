import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import type { Facts } from '../../../src/contract/facts.ts';
import type { AskService, FactSource } from '../../../src/contract/gate.ts';
import type { Answer } from '../../../src/contract/question.ts';
import { askFacts, askService } from './calls.ts';
import { sendable } from './facts-table.ts';

export interface Asked {
  /** Null: the facts alone. */
  service: string | null;
  function: string | null;
  happening: string | null;
  facts: Facts;
}

export interface Answered {
  answer: Answer | undefined;
  sources: FactSource[];
  error: unknown;
  /** The answer shown is that of a moment ago. */
  behind: boolean;
  again: () => void;
}

/** The answer to what stands on the page: asked when the typing pauses; an older question that is still on its way is given up. */
export function useAnswer(asked: Asked): Answered {
  const text = JSON.stringify({ ...asked, facts: sendable(asked.facts) });
  const settled = useSettled(text, 200);
  const { data, error, isPlaceholderData, isFetching, refetch } = useQuery({
    queryKey: ['question', settled],
    queryFn: ({ signal }) => {
      const question: Asked = JSON.parse(settled);
      return put(question, signal);
    },
    placeholderData: keepPreviousData,
    staleTime: 60_000,
    gcTime: 60_000,
  });
  return {
    answer: data?.answer,
    sources: data?.sources ?? [],
    error,
    behind: isPlaceholderData || isFetching || settled !== text,
    again: () => void refetch(),
  };
}

/** What is registered, before anything was answered on the page. */
export function useRegistered({ service, function: ofFunction, happening }: Omit<Asked, 'facts'>) {
  return useQuery({
    queryKey: ['registered-facts', service, ofFunction, happening],
    queryFn: ({ signal }) => put({ service, function: ofFunction, happening, facts: { event: 'none' } }, signal),
    enabled: service !== null,
  });
}

async function put(
  { service, function: ofFunction, happening, facts }: Asked,
  signal: AbortSignal,
): Promise<{ answer: Answer; sources: FactSource[] }> {
  if (service === null) return { answer: await askFacts(sendable(facts), signal), sources: [] };
  const { event = 'none', plannedAt, ...overrides } = sendable(facts);
  const question: AskService = {
    function: ofFunction,
    event,
    ...(plannedAt !== undefined && { plannedAt }),
    ...(happening !== null && { happening }),
    overrides,
  };
  return await askService(service, question, signal);
}

function useSettled(text: string, afterMs: number): string {
  const [settled, setSettled] = useState(text);
  useEffect(() => {
    const timer = setTimeout(() => setSettled(text), afterMs);
    return () => clearTimeout(timer);
  }, [text, afterMs]);
  return settled;
}

import { Problem } from '../../contract/problem.ts';
import type { FunctionState, ServiceState } from '../../contract/register.ts';

/** docs/workflows/register.md draws these. */
export const serviceMoves = {
  planned: ['launched', 'withdrawn'],
  launched: ['withdrawn'],
  withdrawn: [],
} as const satisfies Record<ServiceState, readonly ServiceState[]>;

/** A planned change may be planned anew (`changed → changed`): that is how it is given up, too. */
export const functionMoves = {
  planned: ['launched', 'withdrawn'],
  launched: ['changed', 'withdrawn'],
  changed: ['launched', 'changed', 'withdrawn'],
  withdrawn: [],
} as const satisfies Record<FunctionState, readonly FunctionState[]>;

export function refuseMove<State extends string>(
  moves: Readonly<Record<State, readonly State[]>>,
  from: State,
  to: State,
): void {
  if (moves[from].includes(to)) return;
  throw new Problem('move-not-allowed', `What is ${from} cannot become ${to}.`, { status: 409, params: { from, to } });
}

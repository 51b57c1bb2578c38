import { Button } from 'antd';
import type { FilingState } from '../../../src/contract/filings.ts';
import { useMay } from '../../api/me.ts';
import { useWords } from '../../words/words.ts';

/** What may follow a filing's state, for whoever may record it. */
export function MoveButtons({ state, onMove }: { state: FilingState; onMove: (to: FilingState) => void }) {
  const say = useWords();
  const signs = useMay('signatory', 'administrator');
  const assesses = useMay('assessor');
  const allowed = moves[state].filter((to) => signs || (assesses && to === 'returned'));
  return (
    <span className="filing-moves">
      {allowed.map((to, index) => (
        <Button key={to} type={index === 0 && to !== 'returned' ? 'primary' : 'default'} onClick={() => onMove(to)}>
          {say(`filings.move.${to}`)}
        </Button>
      ))}
    </span>
  );
}

/** As the server allows. */
const moves: Record<FilingState, readonly FilingState[]> = {
  filed: ['accepted', 'returned', 'withdrawn'],
  returned: ['filed', 'withdrawn'],
  accepted: ['returned', 'withdrawn'],
  withdrawn: [],
};

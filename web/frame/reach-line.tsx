import { Button } from 'antd';
import { useSyncExternalStore } from 'react';
import { currentParts, watchParts } from '../api/parts.ts';
import { askAgain, currentReach, watchReach } from '../api/reach.ts';
import { useWords } from '../words/words.ts';

/** One line at the top while the server is silent, which goes by itself; else one when parts of the page did not come. */
export function ReachLine() {
  const say = useWords();
  const reach = useSyncExternalStore(watchReach, currentReach);
  const parts = useSyncExternalStore(watchParts, currentParts);
  return (
    <div role="status">
      {reach.state === 'silent' ? (
        <div className="reach-line">
          <span>{say('frame.silent')}</span>
          <Button size="small" onClick={() => void askAgain()}>
            {say('frame.silent.now')}
          </Button>
        </div>
      ) : (
        parts !== 'whole' && (
          <div className="reach-line parts-line">
            <span>{say(`frame.parts.${parts}`)}</span>
            <Button size="small" onClick={() => location.reload()}>
              {say('frame.broken.reload')}
            </Button>
          </div>
        )
      )}
    </div>
  );
}

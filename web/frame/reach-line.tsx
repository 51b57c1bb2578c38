import { Button } from 'antd';
import { useSyncExternalStore } from 'react';
import { askAgain, currentReach, watchReach } from '../api/reach.ts';
import { useWords } from '../words/words.ts';

/** One line at the top while the server is silent. It goes by itself. */
export function ReachLine() {
  const say = useWords();
  const reach = useSyncExternalStore(watchReach, currentReach);
  return (
    <div role="status">
      {reach.state === 'silent' && (
        <div className="reach-line">
          <span>{say('frame.silent')}</span>
          <Button size="small" onClick={() => void askAgain()}>
            {say('frame.silent.now')}
          </Button>
        </div>
      )}
    </div>
  );
}

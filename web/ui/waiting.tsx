import { useWords } from '../words/words.ts';
import './waiting.css';

/** Grey lines where text will stand. They appear only after a moment, so that a quick answer does not flicker. */
export function Waiting({ lines = 3 }: { lines?: number }) {
  const say = useWords();
  return (
    <div className="waiting" role="status">
      <span className="unseen">{say('ui.waiting')}</span>
      {Array.from({ length: lines }, (_, line) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: grey lines have no name and never move
        <span key={line} className="waiting-line" style={{ width: `${[62, 88, 74][line % 3] ?? 80}%` }} />
      ))}
    </div>
  );
}

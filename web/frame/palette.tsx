import { type KeyboardEvent, useEffect, useId, useRef, useState } from 'react';
import type { SignedIn } from '../api/me.ts';
import { KeyHint } from '../ui/key-hint.tsx';
import { useWords } from '../words/words.ts';
import { type Choice, useFound, useOwnChoices } from './palette-choices.ts';
import './palette.css';

/** Type a few letters, go anywhere. Arrow keys choose, Enter goes, Escape leaves. */
export function Palette({ me, onClose }: { me: SignedIn; onClose: () => void }) {
  const say = useWords();
  const id = useId();
  const dialog = useRef<HTMLDialogElement>(null);
  const [query, setQuery] = useState('');
  const [at, setAt] = useState(0);
  const own = useOwnChoices(me, query);
  const found = useFound(query);
  const choices = [...own, ...found.choices];
  const chosen = choices[Math.min(at, choices.length - 1)];

  useEffect(() => dialog.current?.showModal(), []);
  useEffect(() => {
    if (chosen) document.getElementById(`${id}-${chosen.id}`)?.scrollIntoView({ block: 'nearest' });
  }, [chosen, id]);

  const act = (choice: Choice) => {
    dialog.current?.close();
    choice.act();
  };
  const onKey = (event: KeyboardEvent) => {
    if (event.nativeEvent.isComposing) return; // Enter ends an input method's word, it does not choose
    const step = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : 0;
    if (step !== 0 && choices.length > 0) {
      event.preventDefault();
      setAt((Math.min(at, choices.length - 1) + step + choices.length) % choices.length);
    } else if (event.key === 'Enter' && chosen) {
      event.preventDefault();
      act(chosen);
    }
  };

  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: Escape closes a dialog by itself; this is the click beside it
    <dialog
      ref={dialog}
      className="palette"
      aria-label={say('frame.palette')}
      onClose={onClose}
      onClick={({ target }) => target === dialog.current && dialog.current?.close()}
    >
      <div className="palette-box">
        <input
          className="palette-input"
          role="combobox"
          aria-expanded="true"
          aria-controls={`${id}-list`}
          aria-activedescendant={chosen ? `${id}-${chosen.id}` : undefined}
          aria-label={say('frame.find')}
          placeholder={say('frame.find')}
          autoComplete="off"
          spellCheck={false}
          value={query}
          onChange={({ target }) => {
            setQuery(target.value);
            setAt(0);
          }}
          onKeyDown={onKey}
        />
        <div className="palette-list" id={`${id}-list`} role="listbox" aria-label={say('frame.palette')}>
          {choices.map((choice, index) => (
            // biome-ignore lint/a11y/useKeyWithClickEvents: the input holds the focus and the keys
            // biome-ignore lint/a11y/useFocusableInteractive: the input holds the focus and names the active option
            <div
              key={choice.id}
              id={`${id}-${choice.id}`}
              role="option"
              aria-selected={choice === chosen}
              className="palette-choice"
              onClick={() => act(choice)}
              onMouseMove={() => setAt(index)}
            >
              <span>{choice.title}</span>
              <span className="quiet">{choice.about}</span>
            </div>
          ))}
          {choices.length === 0 && !found.looking && (
            <p className="palette-none quiet">{say('frame.palette.none', { query })}</p>
          )}
        </div>
        <footer className="palette-foot quiet">
          <span>
            <KeyHint keys={['↑', '↓']} /> {say('frame.palette.choose')}
          </span>
          <span>
            <KeyHint keys={['↵']} /> {say('frame.palette.go')}
          </span>
          <span>
            <KeyHint keys={['Esc']} /> {say('frame.palette.leave')}
          </span>
          <span role="status">{found.looking ? say('frame.palette.looking') : ''}</span>
        </footer>
      </div>
    </dialog>
  );
}

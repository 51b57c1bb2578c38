import type { ReactNode } from 'react';
import './chips.css';

/** Chips of which any number may be chosen: real checkboxes, so the keyboard and a screen reader know them. */
export function Chips<T extends string>(props: {
  label: string;
  of: readonly T[];
  chosen: readonly T[];
  word: (value: T) => string;
  onChange: (chosen: T[]) => void;
}) {
  const { label, of, chosen, word, onChange } = props;
  return (
    <fieldset className="chips">
      <legend className="chips-label">{label}</legend>
      <div className="chips-of">
        {of.map((value) => (
          <label key={value} className="chip">
            <input
              type="checkbox"
              checked={chosen.includes(value)}
              onChange={({ target }) =>
                onChange(target.checked ? [...chosen, value] : chosen.filter((other) => other !== value))
              }
            />
            <span>{word(value)}</span>
          </label>
        ))}
      </div>
    </fieldset>
  );
}

/** Chips of which one is chosen. */
export function OneOf<T extends string>(props: {
  name: string;
  label: ReactNode;
  of: readonly T[];
  chosen: T | undefined;
  word: (value: T) => string;
  onChange: (chosen: T) => void;
  /** Only a screen reader needs the label. */
  quiet?: boolean;
}) {
  const { name, label, of, chosen, word, onChange, quiet = false } = props;
  return (
    <fieldset className="chips">
      <legend className={quiet ? 'unseen' : 'chips-label'}>{label}</legend>
      <div className="chips-of">
        {of.map((value) => (
          <label key={value} className="chip">
            <input type="radio" name={name} checked={chosen === value} onChange={() => onChange(value)} />
            <span>{word(value)}</span>
          </label>
        ))}
      </div>
    </fieldset>
  );
}

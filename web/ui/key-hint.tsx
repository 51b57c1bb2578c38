import './key-hint.css';

/** A key or a chord, as it is called on this machine: `Mod` is ⌘ on a Mac and Ctrl elsewhere. */
export function KeyHint({ keys }: { keys: string[] }) {
  return (
    <span className="keys">
      {keys.map((key) => (
        <kbd key={key}>{key === 'Mod' ? modKey : key}</kbd>
      ))}
    </span>
  );
}

const modKey = /Mac|iPhone|iPad/.test(navigator.userAgent) ? '⌘' : 'Ctrl';

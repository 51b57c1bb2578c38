import { type KeyboardEvent, type ReactNode, useId, useRef, useState } from 'react';
import './menu.css';

export interface MenuItem {
  id: string;
  label: ReactNode;
  icon?: ReactNode;
  /** A choice among several: whether it is the one. */
  checked?: boolean;
  danger?: boolean;
  /** A line above it. */
  apart?: boolean;
  onChoose: () => void;
}

/**
 * A button that opens a list of actions or choices, below it and inside the window. Arrow keys move, Enter chooses, Escape closes. The browser
 * itself closes it at a click elsewhere and gives the focus back (`popover`); Ant Design's own weighs as much as the whole frame.
 */
export function Menu(props: {
  /** For a screen reader, where the button shows only a picture. */
  label?: string;
  button: ReactNode;
  items: MenuItem[];
  /** Above the items, not to be chosen. */
  head?: ReactNode;
  className?: string;
  tour?: string;
}) {
  const { label, button, items, head, className = '', tour } = props;
  const id = useId();
  const opener = useRef<HTMLButtonElement>(null);
  const list = useRef<HTMLDivElement>(null);
  const [open, setOpen] = useState(false);

  const onToggle = ({ newState }: { newState: string }) => {
    setOpen(newState === 'open');
    if (newState !== 'open' || !list.current || !opener.current) return;
    place(list.current, opener.current);
    (list.current.querySelector<HTMLElement>('[aria-checked="true"]') ?? itemsOf(list.current)[0])?.focus();
  };
  const choose = (item: MenuItem) => {
    list.current?.hidePopover();
    opener.current?.focus();
    item.onChoose();
  };

  return (
    <>
      <button
        ref={opener}
        type="button"
        className={`quiet-button ${className}`}
        popoverTarget={id}
        aria-haspopup="menu"
        aria-expanded={open}
        aria-label={label}
        title={label}
        data-tour={tour}
      >
        {button}
      </button>
      <div
        ref={list}
        id={id}
        popover="auto"
        role="menu"
        className="menu"
        aria-label={label}
        onToggle={onToggle}
        onKeyDown={moveIn}
        tabIndex={-1}
      >
        {head && <div className="menu-head">{head}</div>}
        {items.map((item) => (
          <button
            key={item.id}
            type="button"
            tabIndex={-1}
            {...(item.checked === undefined
              ? { role: 'menuitem' }
              : { role: 'menuitemradio', 'aria-checked': item.checked })}
            className={`menu-item${item.danger ? ' menu-danger' : ''}${item.apart ? ' menu-apart' : ''}`}
            onClick={() => choose(item)}
          >
            {item.icon}
            <span>{item.label}</span>
          </button>
        ))}
      </div>
    </>
  );
}

/** Below its button, from its left edge or, where there is no room, as far to the left as it takes. */
export function place(panel: HTMLElement, opener: HTMLElement): void {
  const { left, bottom } = opener.getBoundingClientRect();
  const most = document.documentElement.clientWidth - panel.offsetWidth - 8;
  panel.style.top = `${bottom + 4}px`;
  panel.style.left = `${Math.max(8, Math.min(left, most))}px`;
}

function moveIn(event: KeyboardEvent<HTMLElement>): void {
  const all = itemsOf(event.currentTarget);
  const { activeElement } = document;
  const at = activeElement instanceof HTMLElement ? all.indexOf(activeElement) : -1;
  const to = { ArrowDown: at + 1, ArrowUp: at - 1 + (at === -1 ? 0 : all.length), Home: 0, End: all.length - 1 }[
    event.key
  ];
  if (to === undefined) return;
  event.preventDefault();
  all[((to % all.length) + all.length) % all.length]?.focus();
}

function itemsOf(list: HTMLElement): HTMLElement[] {
  return [...list.querySelectorAll<HTMLElement>('[role^="menuitem"]')];
}

import { type RefObject, useEffect } from 'react';

/** J and K move between the links of a list's lines, as long as nobody is writing or choosing elsewhere. */
export function useRowKeys(list: RefObject<HTMLElement | null>): void {
  useEffect(() => {
    const move = (event: KeyboardEvent) => {
      if (event.ctrlKey || event.metaKey || event.altKey || isBusy(event.target)) return;
      const step = event.key === 'j' ? 1 : event.key === 'k' ? -1 : 0;
      const links = [...(list.current?.querySelectorAll<HTMLElement>('.row-link') ?? [])];
      if (step === 0 || links.length === 0) return;
      const { activeElement } = document;
      const at = activeElement instanceof HTMLElement ? links.indexOf(activeElement) : -1;
      const next = at === -1 ? 0 : Math.min(links.length - 1, Math.max(0, at + step));
      links[next]?.focus();
      event.preventDefault();
    };
    document.addEventListener('keydown', move);
    return () => document.removeEventListener('keydown', move);
  }, [list]);
}

function isBusy(target: EventTarget | null): boolean {
  return (
    target instanceof HTMLElement &&
    target.closest('input, textarea, select, [contenteditable], [role="dialog"]') !== null
  );
}

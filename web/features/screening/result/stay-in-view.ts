import { type RefObject, useEffect } from 'react';

/**
 * Keeps a column in view while the longer one beside it moves: at the top where it fits, else so that its end is seen. CSS alone
 * cannot, since it does not know the column's height.
 */
export function useStayInView(column: RefObject<HTMLElement | null>): void {
  useEffect(() => {
    const element = column.current;
    if (!element) return;
    const place = () => {
      const room = window.innerHeight - element.offsetHeight - below;
      element.style.setProperty('--stay-top', `${Math.min(above, room)}px`);
    };
    const observer = new ResizeObserver(place);
    observer.observe(element);
    window.addEventListener('resize', place);
    return () => {
      observer.disconnect();
      window.removeEventListener('resize', place);
    };
  }, [column]);
}

/** Under the bar of the frame, and over the edge of the window. */
const above = 80;
const below = 24;

import { Button } from 'antd';
import type { ReactNode } from 'react';
import { useHref, useLinkClickHandler } from 'react-router';

/** A link that looks like the action it leads to. */
export function LinkButton({
  to,
  type = 'default',
  size = 'middle',
  children,
}: {
  to: string;
  type?: 'primary' | 'default' | 'text';
  size?: 'small' | 'middle';
  children: ReactNode;
}) {
  const follow = useLinkClickHandler<HTMLElement>(to);
  return (
    <Button href={useHref(to)} type={type} size={size} onClick={follow}>
      {children}
    </Button>
  );
}

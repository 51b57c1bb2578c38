import { Button, Popconfirm } from 'antd';
import type { ReactNode } from 'react';
import { useWords } from '../words/words.ts';

/** A button for something that cannot be taken back: says what will happen, then asks. */
export function AskFirst(props: {
  what: string;
  action: string;
  onSure: () => unknown;
  children: ReactNode;
  disabled?: boolean;
}) {
  const { what, action, onSure, children, disabled = false } = props;
  const say = useWords();
  return (
    <Popconfirm
      title={what}
      okText={action}
      cancelText={say('ui.ask.keep')}
      okButtonProps={{ danger: true }}
      onConfirm={onSure}
      disabled={disabled}
      placement="bottomRight"
      styles={{ root: { maxWidth: 340 } }}
    >
      <Button size="small" type="text" danger disabled={disabled}>
        {children}
      </Button>
    </Popconfirm>
  );
}

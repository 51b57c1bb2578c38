import { App, Button, Popconfirm } from 'antd';
import type { ReactNode } from 'react';
import { useWords } from '../words/words.ts';

/** A button for something that cannot be taken back: says what will happen, then asks. */
export function AskFirst(props: { what: string; action: string; onSure: () => unknown; children: ReactNode }) {
  const { what, action, onSure, children } = props;
  const say = useWords();
  return (
    <Popconfirm
      title={what}
      okText={action}
      cancelText={say('ui.ask.keep')}
      okButtonProps={{ danger: true }}
      onConfirm={onSure}
      placement="bottomRight"
      styles={{ root: { maxWidth: 340 } }}
    >
      <Button size="small" type="text" danger>
        {children}
      </Button>
    </Popconfirm>
  );
}

/** The same from a menu, in a dialog. */
export function useAskFirst(): (asked: { title: string; what: string; onSure: () => Promise<unknown> }) => void {
  const { modal } = App.useApp();
  const say = useWords();
  return ({ title, what, onSure }) => {
    modal.confirm({
      title,
      content: what,
      okText: title,
      cancelText: say('ui.ask.keep'),
      okButtonProps: { danger: true },
      autoFocusButton: 'cancel',
      icon: null,
      onOk: onSure,
    });
  };
}

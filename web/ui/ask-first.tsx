import { Button, Modal, Popconfirm } from 'antd';
import { type ReactNode, useState } from 'react';
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

/** The same as a dialog, for an action that was chosen in a menu. `onSure` says itself what failed. */
export function AskDialog(props: { title: string; what: string; onSure: () => Promise<unknown>; onClose: () => void }) {
  const { title, what, onSure, onClose } = props;
  const say = useWords();
  const [busy, setBusy] = useState(false);
  const sure = async () => {
    setBusy(true);
    await onSure();
    onClose();
  };
  return (
    <Modal
      open
      title={title}
      okText={title}
      cancelText={say('ui.ask.keep')}
      okButtonProps={{ danger: true }}
      confirmLoading={busy}
      onOk={() => void sure()}
      onCancel={onClose}
    >
      {what}
    </Modal>
  );
}

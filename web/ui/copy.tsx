import { CheckOutlined, CopyOutlined } from '@ant-design/icons';
import { Button } from 'antd';
import { useState } from 'react';
import { useWords } from '../words/words.ts';
import { useNotice } from './notice.tsx';
import './copy.css';

/** Copies a text and says so, also to a screen reader. */
export function CopyButton({
  text,
  label,
  size = 'small',
}: {
  text: string;
  label?: string;
  size?: 'small' | 'middle';
}) {
  const say = useWords();
  const notice = useNotice();
  const [copied, setCopied] = useState(false);
  const copy = async () => {
    if (!(await writeClipboard(text))) {
      notice.failed(say('ui.copy.failed'));
      return;
    }
    notice.announce(say('ui.copy.done'));
    setCopied(true);
    setTimeout(() => setCopied(false), 1600);
  };
  return (
    <Button
      size={size}
      type={label === undefined ? 'text' : 'default'}
      icon={copied ? <CheckOutlined /> : <CopyOutlined />}
      onClick={() => void copy()}
      {...(label === undefined && { 'aria-label': say('ui.copy.action'), title: say('ui.copy.action') })}
    >
      {label === undefined ? null : copied ? say('ui.copy.done') : label}
    </Button>
  );
}

/** A hash or an identifier: shortened in the middle for the eye, whole for the clipboard and for a screen reader. */
export function HashText({ value, keep = 12 }: { value: string; keep?: number }) {
  const short = value.length > keep + 6 ? `${value.slice(0, keep)}…${value.slice(-4)}` : value;
  return (
    <span className="hash">
      <code title={value}>
        <span aria-hidden="true">{short}</span>
        <span className="unseen">{value}</span>
      </code>
      <CopyButton text={value} />
    </span>
  );
}

/** The clipboard interface exists on https and localhost only; the old way still works everywhere else. */
async function writeClipboard(text: string): Promise<boolean> {
  if (navigator.clipboard) {
    return await navigator.clipboard.writeText(text).then(
      () => true,
      () => false,
    );
  }
  const area = document.createElement('textarea');
  area.value = text;
  area.style.position = 'fixed';
  area.style.opacity = '0';
  document.body.append(area);
  area.select();
  const done = document.execCommand('copy');
  area.remove();
  return done;
}

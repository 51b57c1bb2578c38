import { DownloadOutlined } from '@ant-design/icons';
import { Button } from 'antd';
import { useWords } from '../words/words.ts';
import { CopyButton } from './copy.tsx';
import { Note } from './note.tsx';

/** Something that is shown once and never again: a key, a link, backup codes. */
export function SecretOnce({ text, fileName, warning }: { text: string; fileName?: string; warning: string }) {
  const say = useWords();
  return (
    <div className="secret">
      <Note kind="care">{warning}</Note>
      <code className="secret-text">{text}</code>
      <div className="secret-ways">
        <CopyButton text={text} label={say('ui.copy.action')} size="middle" />
        {fileName !== undefined && (
          <Button icon={<DownloadOutlined />} onClick={() => save(text, fileName)}>
            {say('ui.copy.save')}
          </Button>
        )}
      </div>
    </div>
  );
}

function save(text: string, fileName: string): void {
  const address = URL.createObjectURL(new Blob([`${text}\n`], { type: 'text/plain' }));
  const link = document.createElement('a');
  link.href = address;
  link.download = fileName;
  link.click();
  setTimeout(() => URL.revokeObjectURL(address), 10_000);
}
